package dev.millrace.producer;

import dev.millrace.pipeline.plan.Plan;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** The whole producer in a test, on a free port. */
public final class ProducerApplication implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    /**
     * Starts it.
     *
     * @param settings properties: pairs of name and value
     */
    public ProducerApplication(Plan plan, String bootstrapServers, String... settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", 0);
        properties.put("spring.kafka.bootstrap-servers", bootstrapServers);
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        context =
                new SpringApplicationBuilder(Main.class)
                        .initializers(
                                started -> {
                                    started.getBeanFactory().registerSingleton("plan", plan);
                                    started.getEnvironment()
                                            .getPropertySources()
                                            .addFirst(new MapPropertySource("test", properties));
                                })
                        .run();
    }

    /** The address of a path. */
    public URI uri(String path) {
        String port = context.getEnvironment().getProperty("local.server.port");
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        context.close();
    }
}
