package dev.millrace.api.socket;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What a page knows that follows a WebSocket. */
public final class LivePage implements WebSocket.Listener, AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final StringBuilder text = new StringBuilder();
    private final Map<String, JsonNode> metrics = new HashMap<>();
    private final List<String> values = new ArrayList<>();
    private final WebSocket socket;
    private JsonNode last;

    /** Follows the API at an address. */
    public LivePage(URI api) {
        socket =
                http.newWebSocketBuilder()
                        .buildAsync(
                                URI.create("ws" + api.toString().substring("http".length())), this)
                        .join();
    }

    @Override
    public synchronized CompletionStage<?> onText(
            WebSocket from, CharSequence part, boolean isLast) {
        text.append(part);
        if (isLast) {
            last = JsonMapper.shared().readTree(text.toString()).path("data");
            last.path("metrics")
                    .forEach(
                            entry -> {
                                String name = entry.path("metric").asString();
                                metrics.put(name, entry);
                                values.add(name + "=" + entry.path("value"));
                            });
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    /** The newest message, without what former ones said of metrics. */
    public synchronized JsonNode last() {
        return last == null ? JsonMapper.shared().createObjectNode() : last;
    }

    /** The value of a metric, as text; empty where nothing was said of it. */
    public synchronized String value(String metric) {
        return metrics.containsKey(metric) ? metrics.get(metric).path("value").toString() : "";
    }

    /** The groups of a metric and their values, as {@code /=4, /a=3}. */
    public synchronized String groups(String metric) {
        List<String> groups = new ArrayList<>();
        metrics.get(metric)
                .path("groups")
                .forEach(
                        group ->
                                groups.add(
                                        group.path("key").asString() + "=" + group.path("value")));
        return String.join(", ", groups);
    }

    /** All that was ever said, as {@code orders=4}. */
    public synchronized List<String> values() {
        return List.copyOf(values);
    }

    /** Which way the numbers came. */
    public String through() {
        return last().path("through").asString("");
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
