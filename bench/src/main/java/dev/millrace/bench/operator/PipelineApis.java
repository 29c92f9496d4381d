package dev.millrace.bench.operator;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Plays the APIs of all pipelines: their numbers are proven. */
final class PipelineApis implements AutoCloseable {
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;

    PipelineApis() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    byte[] answer =
                            """
                            {"sinceStart": {"since": "2026-01-01T00:00:00Z", "waiting": null},
                             "differing": [], "recent": [{"result": "equal", "at": "%s"}]}"""
                                    .formatted(Instant.now())
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                    asked.incrementAndGet();
                });
        server.start();
    }

    /** Where the operator asks. */
    String address() {
        return "http://127.0.0.1:%d/{namespace}/{name}".formatted(server.getAddress().getPort());
    }

    /** How often any was asked. */
    int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
