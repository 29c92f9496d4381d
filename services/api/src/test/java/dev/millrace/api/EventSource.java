package dev.millrace.api;

import dev.millrace.testing.Patience;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client of server-sent events. */
public final class EventSource implements AutoCloseable {
    /** One event; a comment has the name ":", the end of the stream the name "end". */
    public record Event(String id, String name, String data) {
        public JsonNode json() {
            return JsonMapper.shared().readTree(data);
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpResponse<InputStream> response;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    public EventSource(URI uri, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        Thread.ofVirtual().start(this::read);
    }

    public HttpResponse<InputStream> response() {
        return response;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = null;
            String name = null;
            String data = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    events.add(new Event(null, ":", null));
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.startsWith("retry: ")) {
                    name = "retry";
                    data = line.substring(7);
                } else if (line.isEmpty() && data != null) {
                    events.add(new Event(id, name, data));
                    id = null;
                    name = null;
                    data = null;
                }
            }
            events.add(new Event(null, "end", null));
        } catch (IOException | UncheckedIOException _) {
            events.add(new Event(null, "end", null));
        }
    }

    /** The next event, or null when there is none within some seconds. */
    public Event next() throws InterruptedException {
        return events.poll(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    /** The next event of a name; others before it are skipped. */
    public Event next(String name) throws InterruptedException {
        return next(event -> name.equals(event.name()));
    }

    /** The next message without a name. */
    public Event nextUnnamed() throws InterruptedException {
        return next(event -> event.name() == null);
    }

    /** The next event that is no heartbeat. */
    public Event nextNotComment() throws InterruptedException {
        return next(event -> !":".equals(event.name()));
    }

    private Event next(Predicate<Event> wanted) throws InterruptedException {
        long end = System.nanoTime() + Patience.LONGEST.toNanos();
        while (System.nanoTime() < end) {
            Event event = events.poll(100, TimeUnit.MILLISECONDS);
            if (event != null && wanted.test(event)) {
                return event;
            }
        }
        throw new AssertionError("no such event came within " + Patience.LONGEST);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
