package dev.millrace.api;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.Patience;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A whole API on a port of its own. */
public final class ApiServer implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public ApiServer(Plan plan, String redis, String... settings) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--server.port=0");
        arguments.add("--spring.data.redis.url=" + redis);
        arguments.add("--spring.main.log-startup-info=false");
        arguments.add("--millrace.api.tick=20ms");
        arguments.add("--millrace.api.push=50ms");
        for (String setting : settings) {
            arguments.add(setting.startsWith("--") ? setting : "--millrace.api." + setting);
        }
        context =
                new SpringApplicationBuilder(Main.class)
                        .initializers(
                                starting ->
                                        starting.getBeanFactory().registerSingleton("plan", plan))
                        .run(arguments.toArray(String[]::new));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public URI uri(String path) {
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)), headers);
    }

    public HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString("{}")));
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
            throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(
                request.timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    public JsonNode json(String path) throws IOException, InterruptedException {
        return JsonMapper.shared().readTree(get(path).body());
    }

    /** Waits for something to become true, on a busy machine too. */
    public static void await(Callable<Boolean> condition) {
        Patience.await().until(condition);
    }

    @Override
    public void close() {
        context.close();
        http.close();
    }
}
