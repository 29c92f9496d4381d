package dev.millrace.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A schema registry in the test's process, for tests in which it goes away and comes back: it keeps
 * what is posted to it under ids from 1 on, and checks nothing. Stops with the JVM at the latest.
 */
public final class TestSchemaRegistry implements AutoCloseable {
    private static final String IDS = "/schemas/ids/";

    private final List<String> schemas = new ArrayList<>();
    private final HttpServer server;
    private volatile boolean away;

    /** A registry that answers, on a free port of 127.0.0.1. */
    public TestSchemaRegistry() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** Its address. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Whether it fails from now on. */
    public void away(boolean now) {
        away = now;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String posted =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        if (away) {
            send(exchange, 503, "{\"message\": \"it is away\"}");
        } else if (exchange.getRequestMethod().equals("POST")) {
            if (!schemas.contains(posted)) {
                schemas.add(posted);
            }
            send(exchange, 200, "{\"id\": " + (schemas.indexOf(posted) + 1) + "}");
        } else {
            int id = path.startsWith(IDS) ? Integer.parseInt(path.substring(IDS.length())) : 0;
            if (id < 1 || id > schemas.size()) {
                send(exchange, 404, "{\"error_code\": 40403, \"message\": \"not found\"}");
            } else {
                // what is posted is of the form that is answered
                send(exchange, 200, schemas.get(id - 1));
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
