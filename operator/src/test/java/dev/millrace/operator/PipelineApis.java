package dev.millrace.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The APIs of all pipelines, for no pod runs: they answer what tests have them answer. */
final class PipelineApis {
    private static final String NOTHING_PROVEN =
            "{\"sinceStart\": {\"since\": \"2026-01-01T00:00:00Z\"}, \"differing\": [], \"recent\": []}";

    private final HttpServer server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

    PipelineApis() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** Where the operator asks. */
    String address() {
        return "http://127.0.0.1:%d/{namespace}/{name}".formatted(server.getAddress().getPort());
    }

    /** Has the API of a pipeline say something of its proof. */
    void answer(String namespace, String name, String json) {
        answers.put("/" + namespace + "/" + name, json);
    }

    /** How often the API of a pipeline was asked. */
    int asked(String namespace, String name) {
        return count("/" + namespace + "/" + name).get();
    }

    private AtomicInteger count(String path) {
        return asked.computeIfAbsent(path, _ -> new AtomicInteger());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = answers.getOrDefault(path, NOTHING_PROVEN).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
        count(path).incrementAndGet();
    }
}
