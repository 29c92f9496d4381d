package dev.millrace.api.history;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.Pipelines;
import dev.millrace.api.state.StateWriter;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

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
                assertThat(server.json("/api/v1/metrics/orders").path("value").asInt())
                        .as("live numbers do not need Mongo")
                        .isEqualTo(5);
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
