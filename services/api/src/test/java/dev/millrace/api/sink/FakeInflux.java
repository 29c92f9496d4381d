package dev.millrace.api.sink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An InfluxDB that keeps points by their identity, and answers what it is told to. */
final class FakeInflux implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, String> points = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Function<String, Answer> answers = _ -> new Answer(204, "");

    record Answer(int status, String body) {}

    record Request(String query, String authorization, String body) {}

    FakeInflux() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer answer = answers.apply(body);
        if (answer == null) {
            exchange.close();
            return;
        }
        requests.add(
                new Request(
                        exchange.getRequestURI().toString(),
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        body));
        if (answer.status() / 100 == 2) {
            body.lines().forEach(this::keep);
        }
        byte[] text = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), text.length == 0 ? -1 : text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    private void keep(String line) {
        int time = line.lastIndexOf(' ');
        int fields = line.lastIndexOf(' ', time - 1);
        points.put(
                line.substring(0, fields) + line.substring(time), line.substring(fields + 1, time));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What it answers to a body; {@code null} for no answer at all. */
    void answers(Function<String, Answer> next) {
        answers = next;
    }

    void answers(int status, String body) {
        answers(_ -> new Answer(status, body));
    }

    /** Fields by measurement, tags and time. */
    Map<String, String> points() {
        return Map.copyOf(points);
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
