package dev.millrace.audit.consume;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.AuditRun;
import dev.millrace.audit.AuditSettings;
import dev.millrace.audit.Log;
import dev.millrace.audit.Manifests;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.unit.DataSize;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;

class MongoAwayTest {
    private static final String KAFKA = TestServers.kafka().bootstrapServers();

    @TempDir private Path folder;
    private EmbeddedMongo mongo;

    @BeforeEach
    void start() {
        mongo = EmbeddedMongo.start(folder, 0, "audit");
    }

    @AfterEach
    void stop() {
        mongo.close();
    }

    private static void send(Log log, int events) {
        for (int i = 0; i < events; i++) {
            log.send(
                    i % 2,
                    "{\"at\":\"%s\",\"user\":\"u%d\",\"kind\":\"buy\",\"pad\":\"%s\"}"
                            .formatted(Instant.now(), i, "x".repeat(300)));
        }
        log.flush();
    }

    private static long committed(Log log) throws Exception {
        return log.committed().values().stream().mapToLong(position -> position.offset()).sum();
    }

    @Test
    void waitsAndCatchesUp() throws Exception {
        Plan plan = Manifests.clicks("wall", 2, "{flush: 200ms, batch: 200}");
        int most = 500_000;
        AuditSettings settings =
                new AuditSettings(
                        "events",
                        DataSize.ofBytes(most),
                        DataSize.ofBytes(100_000),
                        Duration.ofMillis(100),
                        Duration.ofMillis(800),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1));
        try (Log log = new Log(plan, KAFKA);
                AuditRun run =
                        new AuditRun(
                                plan,
                                settings,
                                KAFKA,
                                mongo.uri(),
                                Map.of("max.poll.interval.ms", 3_000),
                                UnaryOperator.identity())) {
            send(log, 1_000);
            await().until(() -> committed(log) == 1_000);

            mongo.stop();
            send(log, 9_000);
            await().until(() -> run.status().health().getStatus() == Status.DOWN);
            await().untilAsserted(
                            () ->
                                    assertThat(
                                                    run.registry()
                                                            .get("millrace.audit.waiting.bytes")
                                                            .gauge()
                                                            .value())
                                            .isBetween((double) most, most + 2_000 * 600.0));
            // Longer than may be between two polls: polling goes on, so membership holds.
            await().during(Duration.ofSeconds(4))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(
                            () ->
                                    log.admin()
                                                    .describeConsumerGroups(
                                                            java.util.List.of(log.group()))
                                                    .all()
                                                    .get()
                                                    .get(log.group())
                                                    .members()
                                                    .size()
                                            == 1);
            Health health = run.status().health();
            assertThat(health.getDetails().get("reason").toString())
                    .startsWith("Mongo does not answer");
            assertThat(health.getDetails().get("waiting").toString())
                    .matches("\\d+ events wait to be written");
            assertThat(committed(log)).isEqualTo(1_000);

            mongo.restart();
            await().until(() -> committed(log) == 10_000);
            assertThat(run.events().countDocuments()).isEqualTo(10_000);
            await().until(() -> run.status().health().getStatus() == Status.UP);
        }
    }

    @Test
    void startsBeforeMongoAndStopsWithoutIt() throws Exception {
        Plan plan = Manifests.clicks("wall", 2, "{flush: 100ms}");
        mongo.stop();
        try (Log log = new Log(plan, KAFKA)) {
            send(log, 100);
            try (AuditRun run = new AuditRun(plan, KAFKA, mongo.uri())) {
                await().until(
                                () ->
                                        run.registry()
                                                        .get("millrace.audit.waiting.events")
                                                        .gauge()
                                                        .value()
                                                == 100);
                await().until(() -> run.status().health().getStatus() == Status.DOWN);
                long start = System.nanoTime();
                run.stop();
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isLessThan(Duration.ofSeconds(30));
            }
            assertThat(committed(log)).isZero();
            mongo.restart();
            try (AuditRun run = new AuditRun(plan, KAFKA, mongo.uri())) {
                await().until(() -> committed(log) == 100);
                assertThat(run.events().countDocuments()).isEqualTo(100);
            }
        }
    }

    @Test
    void noticesThatMongoIsAwayWithoutTraffic() {
        Plan plan = Manifests.clicks("wall", 2, "{}");
        try (AuditRun run = new AuditRun(plan, KAFKA, mongo.uri())) {
            await().until(() -> run.status().health().getStatus() == Status.UP);
            mongo.stop();
            await().until(() -> run.status().health().getStatus() == Status.DOWN);
            mongo.restart();
            await().until(() -> run.status().health().getStatus() == Status.UP);
        }
    }
}
