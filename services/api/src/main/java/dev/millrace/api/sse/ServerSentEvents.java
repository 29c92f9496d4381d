package dev.millrace.api.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.api.ApiMeters;
import dev.millrace.api.ApiSettings;
import dev.millrace.api.problem.ApiProblem;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.SmartLifecycle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connections of clients that stream, each written by a virtual thread of its own, so that a slow
 * client holds up nobody. They end before the web server waits for its requests to end.
 */
public final class ServerSentEvents implements SmartLifecycle {
    private static final byte[] BEGIN = "retry: 2000\n\n".getBytes(UTF_8);
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(UTF_8);
    private static final Duration STOP = Duration.ofSeconds(3);

    private final ApiSettings settings;
    private final ApiMeters meters;
    private final Set<Thread> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    /** No clients yet. */
    public ServerSentEvents(ApiSettings settings, ApiMeters meters) {
        this.settings = settings;
        this.meters = meters;
        meters.watchClients(clients::size);
    }

    /** One event. The data must not have line ends. */
    public static byte[] event(String id, String name, byte[] data) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length + 64);
        if (id != null) {
            bytes.writeBytes(("id: " + id + "\n").getBytes(UTF_8));
        }
        if (name != null) {
            bytes.writeBytes(("event: " + name + "\n").getBytes(UTF_8));
        }
        bytes.writeBytes("data: ".getBytes(UTF_8));
        bytes.writeBytes(data);
        bytes.writeBytes("\n\n".getBytes(UTF_8));
        return bytes.toByteArray();
    }

    /**
     * Streams to a client from now on; returns at once.
     *
     * @throws ApiProblem 503 when there are too many, or the server stops
     */
    public void open(HttpServletRequest request, HttpServletResponse response, Feed feed) {
        if (!running) {
            throw ApiProblem.unavailable("The server is stopping; connect again in a moment.");
        }
        if (clients.size() >= settings.clients()) {
            meters.refused();
            throw ApiProblem.unavailable(
                    "%d clients stream already, which is the limit; try again later, or raise millrace.api.clients."
                            .formatted(settings.clients()));
        }
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        SseClient client = new SseClient(context);
        Thread writer =
                Thread.ofVirtual().name("millrace-api-client").unstarted(() -> run(client, feed));
        context.addListener(client.untilGone(writer));
        clients.add(writer);
        writer.start();
    }

    private void run(SseClient client, Feed feed) {
        try {
            client.write(BEGIN);
            while (running) {
                byte[] message = feed.next(settings.heartbeat());
                client.write(message == null ? HEARTBEAT : message);
            }
        } catch (IOException _) {
            // the client has gone
        } catch (InterruptedException _) {
            // the server stops, or the container has noticed that the client has gone
        } finally {
            clients.remove(Thread.currentThread());
            client.end();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        clients.forEach(Thread::interrupt);
        long end = System.nanoTime() + STOP.toNanos();
        for (Thread client : clients) {
            try {
                client.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
