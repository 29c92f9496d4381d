package dev.millrace.api.history;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.EventSource;
import dev.millrace.api.EventSource.Event;
import dev.millrace.api.Pipelines;
import dev.millrace.api.state.StateWriter;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** History while servers go and come, and replicas take turns. */
class HistoryOutageTest {
    private static final Plan PLAN = Pipelines.shop();
    private static final String[] OFTEN = {"history.every=100ms", "history.lease=2s"};

    private final Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES).minusSeconds(120);

    @Test
    void itCatchesUpWhenMongoComesBack(@TempDir Path folder) throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
                EmbeddedMongo mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "history");
                StateWriter writer = new StateWriter(PLAN, redis.url())) {
            writer.begin("era-1").add("orders", minute, 1).flush();
            try (ApiServer server = server(redis, mongo)) {
                await(() -> orders(server) == 1);
                mongo.stop();
                writer.add("orders", minute, 4).flush();
                await(
                        () ->
                                server.json("/api/v1/status")
                                        .path("history")
                                        .path("waiting")
                                        .asString("")
                                        .startsWith("Mongo fails"));
                assertThat(server.get("/api/v1/metrics/orders/history").statusCode())
                        .isEqualTo(503);
                // live numbers do not need Mongo
                await(() -> value(server, "orders", "5m") == 5);
                mongo.restart();
                await(() -> orders(server) == 5);
                JsonNode history = server.json("/api/v1/status").path("history");
                assertThat(history.path("failures").asInt()).isPositive();
            }
        }
    }

    @Test
    void aSecondReplicaGoesOnWhenTheFirstIsGoneAndNothingIsCountedTwice(@TempDir Path folder)
            throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
                EmbeddedMongo mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "history");
                StateWriter writer = new StateWriter(PLAN, redis.url())) {
            writer.begin("era-1").add("orders", minute, 1).flush();
            try (ApiServer second = server(redis, mongo)) {
                try (ApiServer first = server(redis, mongo)) {
                    await(() -> orders(first) == 1);
                    await(() -> isWriting(first) != isWriting(second));
                    writer.add("orders", minute, 1).flush();
                    await(() -> orders(first) == 2 && orders(second) == 2);
                }
                writer.add("orders", minute, 1).flush();
                await(() -> orders(second) == 3 && isWriting(second));
            }
        }
    }

    @Test
    void aWipedRedisTakesNothingFromThePast(@TempDir Path folder) throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
                EmbeddedMongo mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "history");
                StateWriter writer = new StateWriter(PLAN, redis.url())) {
            writer.begin("era-1")
                    .add("orders", minute, 7)
                    .position("orders", 0, 70, minute)
                    .flush();
            try (ApiServer server = server(redis, mongo)) {
                await(() -> orders(server) == 7);

                // counted again: a part of it at first
                writer.begin("era-2")
                        .add("orders", minute, 2)
                        .position("orders", 0, 20, minute)
                        .flush();
                awaitPass(server);
                await(() -> server.json("/api/v1/metrics/orders").path("value").asInt() == 2);
                assertThat(orders(server)).isEqualTo(7);
                writer.add("orders", minute, 6).position("orders", 0, 80, minute).flush();
                await(() -> orders(server) == 8);
            }
        }
    }

    @Test
    void whileRedisIsAwayHistoryAnswersInItsPlace(@TempDir Path folder) throws Exception {
        Instant now = Instant.now();
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
                EmbeddedMongo mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "history")) {
            try (StateWriter writer = new StateWriter(PLAN, redis.url())) {
                writer.begin("era-1")
                        .add("orders", now, 6)
                        .add("clicks", now, 3)
                        .add("revenue", now, 2_500_000)
                        .add("by_page", now, "/", 4)
                        .add("by_page", now, "/a", 2)
                        .total("valid", 9)
                        .position("orders", 0, 9, now)
                        .flush();
            }
            try (ApiServer first = server(redis, mongo)) {
                awaitComplete(first);
            }
            redis.stop();
            try (ApiServer server = server(redis, mongo);
                    EventSource view = new EventSource(server.uri("/stats/stream"))) {
                await(() -> value(server, "orders", "all") == 6);
                assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
                JsonNode orders = server.json("/api/v1/metrics/orders");
                assertThat(orders.path("value").asInt()).isEqualTo(6);
                assertThat(orders.path("degraded").asBoolean()).isTrue();
                assertThat(orders.path("degradedReason").asString())
                        .contains("Redis does not answer")
                        .contains("from history in Mongo");
                Instant asOf = Instant.parse(orders.path("asOf").asString());
                assertThat(asOf).isAfter(now).isBefore(Instant.now());
                assertThat(Instant.parse(orders.path("to").asString()))
                        .isEqualTo(asOf.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60));
                assertThat(server.json("/api/v1/metrics/by_page").path("groups").toString())
                        .isEqualTo("[{\"key\":\"/\",\"value\":4},{\"key\":\"/a\",\"value\":2}]");
                assertThat(server.json("/api/v1/metrics/conversion").path("value").asInt())
                        .isEqualTo(2);
                assertThat(server.json("/api/v1/metrics/users").path("value").isNull())
                        .as("history has no rows")
                        .isTrue();
                JsonNode status = server.json("/api/v1/status");
                assertThat(status.path("state").asString()).isEqualTo("degraded");
                assertThat(status.path("totals").path("valid").asInt()).isEqualTo(9);

                HttpResponse<String> stats = server.get("/stats");
                assertThat(stats.headers().firstValue("Millrace-Degraded"))
                        .hasValue(asOf.toString());
                assertThat(stats.body()).contains("\"orders\":6", "\"revenue\":2.5");
                Event condition = view.next("condition");
                assertThat(condition.json().path("degraded").asBoolean()).isTrue();
                try (EventSource live = new EventSource(server.uri("/api/v1/stream"))) {
                    JsonNode snapshot = live.next("snapshot").json();
                    assertThat(snapshot.path("degraded").asBoolean()).isTrue();
                    assertThat(snapshot.path("asOf").asString()).isEqualTo(asOf.toString());
                }

                redis.restart();
                await(() -> state(server).equals("live"));
                assertThat(server.json("/api/v1/metrics/orders").has("degraded")).isFalse();
                assertThat(server.get("/stats").headers().firstValue("Millrace-Degraded"))
                        .isEmpty();
                assertThat(view.next("condition").json().path("degraded").asBoolean()).isFalse();
                assertThat(value(server, "orders", "all")).isEqualTo(6);
            }
        }
    }

    @Test
    void aReplicaWithoutRedisFollowsWhatAnotherWrites(@TempDir Path folder) throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
                EmbeddedMongo mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "history");
                StateWriter writer = new StateWriter(PLAN, redis.url())) {
            writer.begin("era-1").add("orders", minute, 1).flush();
            try (ApiServer writing = server(redis, mongo);
                    ApiServer cut =
                            new ApiServer(
                                    PLAN,
                                    "redis://127.0.0.1:1",
                                    "--spring.mongodb.uri=" + mongo.uri(),
                                    "history.every=100ms")) {
                await(() -> value(cut, "orders", "5m") == 1);
                writer.add("orders", minute, 1).flush();
                await(() -> value(cut, "orders", "5m") == 2);
                assertThat(state(cut)).isEqualTo("degraded");
                assertThat(state(writing)).isEqualTo("live");
            }
        }
    }

    private static void awaitComplete(ApiServer server) {
        await(() -> server.json("/api/v1/status").path("history").path("asOf").isString());
    }

    private static String state(ApiServer server) throws Exception {
        return server.json("/api/v1/status").path("state").asString();
    }

    private static int value(ApiServer server, String metric, String window) throws Exception {
        return server.json("/api/v1/metrics/%s?window=%s".formatted(metric, window))
                .path("value")
                .asInt(-1);
    }

    private static void awaitPass(ApiServer server) {
        Instant begin = Instant.now();
        await(() -> Duration.between(begin, Instant.now()).toMillis() > 1_000 && isIdle(server));
    }

    private static boolean isIdle(ApiServer server) throws Exception {
        return server.json("/api/v1/status").path("history").path("pending").asInt() == 0;
    }

    private static ApiServer server(EmbeddedRedis redis, EmbeddedMongo mongo) {
        return new ApiServer(
                PLAN, redis.url(), "--spring.mongodb.uri=" + mongo.uri(), OFTEN[0], OFTEN[1]);
    }

    private static boolean isWriting(ApiServer server) throws Exception {
        return server.json("/api/v1/status").path("history").path("writing").asBoolean();
    }

    private int orders(ApiServer server) throws Exception {
        return server.json(
                        "/api/v1/metrics/orders/history?step=minute&from=%s&to=%s"
                                .formatted(minute, minute.plusSeconds(60)))
                .path("value")
                .asInt(-1);
    }
}
