package dev.millrace.api.live;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.EventSource;
import dev.millrace.api.EventSource.Event;
import dev.millrace.api.Pipelines;
import dev.millrace.api.state.StateWriter;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class StreamTest {
    private static final Plan PLAN = Pipelines.shopByEventTime();
    private static final Instant NOW = Instant.parse("2026-11-21T10:02:30Z");
    private static final int CLIENTS = 12;
    private StateWriter writer;
    private ApiServer server;

    @BeforeEach
    void begin() {
        writer = new StateWriter(PLAN, TestServers.redis().url());
        writer.begin("era").position("orders", 0, 1, NOW);
        writer.add("orders", NOW, 1).total("valid", 1).flush();
        server =
                new ApiServer(
                        PLAN, TestServers.redis().url(), "clients=" + CLIENTS, "heartbeat=300ms");
        awaitOrders(1);
    }

    @AfterEach
    void end() {
        server.close();
        writer.close();
    }

    private void awaitOrders(int value) {
        await(() -> server.json("/stats").path("totals").path("orders").asInt() == value);
    }

    private void order(int more) {
        writer.add("orders", NOW, more).total("valid", more).flush();
    }

    private EventSource open(String path, String... headers) throws Exception {
        return new EventSource(server.uri(path), headers);
    }

    private static JsonNode metric(Event event, String name, String window) {
        return event.json()
                .path("metrics")
                .valueStream()
                .filter(entry -> entry.path("metric").asString().equals(name))
                .filter(entry -> entry.path("window").asString().equals(window))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSnapshotIsFollowedByWhatChanges() throws Exception {
        try (EventSource source = open("/api/v1/stream")) {
            assertThat(source.response().headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(source.response().headers().firstValue("Cache-Control").orElseThrow())
                    .contains("no-store");
            assertThat(source.response().headers().firstValue("X-Accel-Buffering")).hasValue("no");
            assertThat(source.next()).isEqualTo(new Event(null, "retry", "2000"));
            Event snapshot = source.next();
            assertThat(snapshot.name()).isEqualTo("snapshot");
            assertThat(snapshot.json().path("metrics").size()).isEqualTo(11);
            assertThat(snapshot.json().path("state").asString()).isEqualTo("live");
            assertThat(metric(snapshot, "orders", "5m").path("series").size()).isEqualTo(5);
            assertThat(metric(snapshot, "by_page", "5m").path("groups").isArray()).isTrue();

            order(4);
            Event update = source.next("update");
            assertThat(metric(update, "orders", "all").path("value").asInt()).isEqualTo(5);
            assertThat(metric(update, "orders", "5m").path("series").size()).isLessThan(5);
            assertThat(update.json().path("totals").path("valid").asInt()).isEqualTo(5);
            assertThat(update.json().path("metrics").size())
                    .as("orders and conversion, and no other metric")
                    .isLessThanOrEqualTo(4);
        }
    }

    @Test
    void aClientThatComesBackGetsWhatItMissed() throws Exception {
        String id;
        try (EventSource source = open("/api/v1/stream")) {
            id = source.next("snapshot").id();
        }
        order(1);
        awaitOrders(2);
        try (EventSource source = open("/api/v1/stream", "Last-Event-ID", id)) {
            source.next("retry");
            Event missed = source.nextNotComment();
            assertThat(missed.name()).isEqualTo("update");
            assertThat(metric(missed, "orders", "all").path("value").asInt()).isEqualTo(2);
            assertThat(metric(missed, "orders", "5m").path("series").size()).isLessThan(5);
            id = missed.id();
        }
        try (EventSource source = open("/api/v1/stream?lastEventId=" + id)) {
            assertThat(source.next().name()).isEqualTo("retry");
            assertThat(source.next().name()).as("nothing was missed").isEqualTo(":");
        }
        for (String unknown : new String[] {"0-0", "x", "", id.split("-")[0] + "-999", id + "x"}) {
            try (EventSource source = open("/api/v1/stream?lastEventId=" + unknown)) {
                source.next("retry");
                assertThat(source.nextNotComment().name()).isEqualTo("snapshot");
            }
        }
    }

    @Test
    void silenceIsFilledWithComments() throws Exception {
        try (EventSource source = open("/api/v1/stream")) {
            assertThat(source.next(":")).isNotNull();
            assertThat(source.next(":")).isNotNull();
        }
    }

    @Test
    void moreClientsThanAllowedAreRefusedAndThoseThatLeaveMakeRoom() throws Exception {
        List<EventSource> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(open(i == 0 ? "/stats/stream" : "/api/v1/stream"));
        }
        try {
            var refused = server.get("/api/v1/stream");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains(CLIENTS + " clients stream already");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(refused.headers().firstValue("Content-Type"))
                    .hasValue("application/problem+json");
        } finally {
            clients.forEach(EventSource::close);
        }
        await(() -> server.get("/actuator/prometheus").body().contains("millrace_api_clients 0.0"));
    }

    @Test
    void aViewStreamsOnChangeAndAtItsInterval() throws Exception {
        try (EventSource source = open("/stats/stream?top=1")) {
            assertThat(source.next().name()).isEqualTo("retry");
            assertThat(source.next().json().path("totals").path("orders").asInt()).isEqualTo(1);
            long begin = System.nanoTime();
            order(6);
            Event changed = source.nextUnnamed();
            assertThat(changed.json().path("totals").path("orders").asInt()).isEqualTo(7);
            Event same = source.nextUnnamed();
            assertThat(same.data()).as("nothing changed").isEqualTo(changed.data());
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isGreaterThan(Duration.ofMillis(900));
        }
    }

    @Test
    void streamsEndPromptlyWhenTheServerStops() throws Exception {
        try (EventSource a = open("/api/v1/stream");
                EventSource b = open("/stats/stream")) {
            a.next("snapshot");
            b.next();
            long begin = System.nanoTime();
            server.close();
            // a server that waits for them gives up after 20 s
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(15));
            assertThat(a.next("end")).isNotNull();
            assertThat(b.next("end")).isNotNull();
        }
    }
}
