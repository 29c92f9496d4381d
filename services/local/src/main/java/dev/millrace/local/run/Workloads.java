package dev.millrace.local.run;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.NativeCompression;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Collector, generator, enricher, processor, audit, API and dashboard of one pipeline, on one port.
 */
final class Workloads implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private Workloads(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts them; they wait for their servers by themselves. */
    static Workloads start(
            Plan plan, LocalServers servers, LocalRun.Settings settings, Path logFile) {
        NativeCompression.load();
        return new Workloads(
                new SpringApplicationBuilder(LocalApplication.class)
                        .initializers(
                                context -> context.getBeanFactory().registerSingleton("plan", plan))
                        .registerShutdownHook(false)
                        .run(
                                "--server.address=" + settings.host(),
                                "--server.port=" + settings.port(),
                                "--spring.kafka.bootstrap-servers=" + servers.kafka(),
                                "--spring.data.redis.url=" + servers.redis(),
                                "--spring.mongodb.uri=" + servers.mongo(),
                                "--millrace.enricher.folder=" + settings.folder(),
                                "--millrace.producer.generator.enabled=" + settings.generator(),
                                "--millrace.schema-registry.url="
                                        + Objects.requireNonNullElse(servers.registry(), ""),
                                "--logging.file.name=" + logFile));
    }

    /**
     * Waits until all of them do their work.
     *
     * @return what one of them still waits for when the time is over; empty when all work
     */
    Optional<String> awaitReady(Duration longest) throws InterruptedException {
        Map<String, HealthIndicator> indicators = context.getBeansOfType(HealthIndicator.class);
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            Optional<String> obstacle =
                    indicators.values().stream()
                            .map(HealthIndicator::health)
                            .filter(health -> !works(health.getStatus()))
                            .map(Workloads::reason)
                            .findFirst();
            if (obstacle.isEmpty() || System.nanoTime() - deadline > 0) {
                return obstacle;
            }
            Thread.sleep(50);
        }
    }

    /**
     * A changed manifest that is counted anew is out of service on a cluster, where others serve.
     */
    private static boolean works(Status status) {
        return status.equals(Status.UP) || status.equals(Status.OUT_OF_SERVICE);
    }

    private static String reason(Health health) {
        return String.valueOf(health.getDetails().getOrDefault("reason", "it does not say what"));
    }

    /** Stops them: what they have begun is finished. */
    @Override
    public void close() {
        context.close();
    }
}
