package dev.millrace.api;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.EventSource.Event;
import dev.millrace.api.state.StateWriter;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;

class RedisOutageTest {
    private static final Plan PLAN = Pipelines.shop();

    @Test
    void theLastNumbersStayUntilRedisIsBack(@TempDir Path folder) throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder, 0)) {
            write(redis, "era-1", 5);
            try (ApiServer server = new ApiServer(PLAN, redis.url(), "patience=500ms")) {
                awaitOrders(server, 5);
                try (EventSource source = new EventSource(server.uri("/api/v1/stream"))) {
                    source.next("snapshot");

                    redis.kill();
                    Event degraded = source.next("update");
                    while (degraded.json().path("state").asString().equals("live")) {
                        // windows move by themselves at the end of a minute
                        degraded = source.next("update");
                    }
                    assertThat(degraded.json().path("state").asString()).isEqualTo("degraded");
                    assertThat(degraded.json().path("stateReason").asString())
                            .contains("Redis does not answer")
                            .contains("UTC");
                    assertThat(orders(server)).isEqualTo(5);
                    assertThat(server.get("/actuator/health/readiness").statusCode())
                            .isEqualTo(200);
                    assertThat(server.get("/actuator/health/liveness").statusCode()).isEqualTo(200);

                    redis.restart();
                    write(redis, "era-2", 3);
                    await(() -> orders(server) == 3);
                    assertThat(server.json("/api/v1/status").path("state").asString())
                            .isEqualTo("live");

                    redis.wipe();
                    await(
                            () ->
                                    server.json("/api/v1/status")
                                            .path("state")
                                            .asString()
                                            .equals("waiting"));
                    assertThat(orders(server)).isZero();
                    write(redis, "era-3", 4);
                    awaitOrders(server, 4);
                }
            }
        }
    }

    @Test
    void itStartsWithoutRedisAndIsReadyWhenItComes(@TempDir Path folder) throws Exception {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder, 0)) {
            redis.stop();
            try (ApiServer server = new ApiServer(PLAN, redis.url())) {
                await(
                        () ->
                                server.get("/actuator/health/readiness")
                                        .body()
                                        .contains("there are no numbers yet"));
                assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
                assertThat(server.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
                await(
                        () ->
                                server.json("/api/v1/status")
                                        .path("state")
                                        .asString()
                                        .equals("degraded"));
                assertThat(
                                server.json("/api/v1/metrics/orders?compare=previous")
                                        .path("value")
                                        .asInt())
                        .isZero();
                assertThat(server.json("/stats").path("pages").isArray()).isTrue();

                redis.restart();
                write(redis, "era-1", 2);
                awaitOrders(server, 2);
                assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            }
        }
    }

    private static void write(EmbeddedRedis redis, String era, int orders) {
        try (StateWriter writer = new StateWriter(PLAN, redis.url())) {
            writer.begin(era).add("orders", Instant.now(), orders).flush();
        }
    }

    private static int orders(ApiServer server) throws Exception {
        return server.json("/api/v1/metrics/orders?window=all").path("value").asInt();
    }

    private static void awaitOrders(ApiServer server, int orders) {
        await(() -> orders(server) == orders);
    }
}
