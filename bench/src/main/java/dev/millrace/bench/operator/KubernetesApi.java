package dev.millrace.bench.operator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

/** A client of the API server that does nothing but send requests, over one connection. */
final class KubernetesApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient client;
    private final URI server;
    private final String token;

    KubernetesApi(URI server, SSLContext trust, String token) {
        this.client = HttpClient.newBuilder().sslContext(trust).build();
        this.server = server;
        this.token = token;
    }

    /** Whether it answers a path with 200. */
    boolean answers(String path) throws InterruptedException {
        try {
            return client.send(request(path).build(), BodyHandlers.discarding()).statusCode()
                    == 200;
        } catch (IOException _) {
            return false;
        }
    }

    /** All objects of a kind with a label; with none where it is empty. */
    List<ObjectNode> list(Kind kind, String label) {
        String selector = URLEncoder.encode(label, StandardCharsets.UTF_8);
        JsonNode list = send(request(kind.path() + "?labelSelector=" + selector).build());
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            // those of a list do not say what they are
            ObjectNode object = (ObjectNode) item;
            object.put("kind", kind.text());
            object.set("apiVersion", list.path("apiVersion"));
            objects.add(object);
        }
        return objects;
    }

    /** Server-side apply of a whole object. */
    void apply(JsonNode object) {
        String path = path(object) + "?fieldManager=bench&force=true";
        send(patch(path, "application/apply-patch+yaml", object));
    }

    /** Sets the status of an object, as its controller would. */
    void setStatus(JsonNode object, Map<String, Object> status) {
        JsonNode patch = JsonMapper.shared().valueToTree(Map.of("status", status));
        send(patch(path(object) + "/status", "application/merge-patch+json", patch));
    }

    private static String path(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return Kind.of(object.path("kind").asString())
                .path(metadata.path("namespace").asString(""), metadata.path("name").asString());
    }

    /** Does something with each, several at a time, and returns when all is done. */
    static <T> void each(List<T> items, int concurrency, Consumer<T> action)
            throws InterruptedException {
        try (var threads =
                Executors.newFixedThreadPool(concurrency, Thread.ofVirtual().factory())) {
            List<Future<?>> running = new ArrayList<>();
            items.forEach(item -> running.add(threads.submit(() -> action.accept(item))));
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private HttpRequest patch(String path, String type, JsonNode body) {
        return request(path)
                .header("Content-Type", type)
                .method(
                        "PATCH",
                        BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(body)))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json");
    }

    private JsonNode send(HttpRequest request) {
        try {
            var answer = client.send(request, BodyHandlers.ofByteArray());
            JsonNode body = JsonMapper.shared().readTree(answer.body());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(
                        "%s %s: %s"
                                .formatted(
                                        request.method(),
                                        request.uri().getPath(),
                                        body.path("message").asString()));
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
