package dev.millrace.audit.consume;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.audit.AuditRun;
import dev.millrace.audit.Log;
import dev.millrace.audit.Manifests;
import dev.millrace.audit.document.RandomJson;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class RecorderTest {
    private static final String KAFKA = TestServers.kafka().bootstrapServers();

    private static AuditRun run(Plan plan) {
        return new AuditRun(plan, KAFKA, TestServers.mongo().uri(plan.name()));
    }

    private static String click(Instant at, int user) {
        return """
        {"at":"%s","user":"user-%d","kind":"view","extra":{"n":%d}}"""
                .formatted(at, user, user);
    }

    private static void send(Log log, int events) {
        for (int i = 0; i < events; i++) {
            log.send(0, click(Instant.now(), i));
        }
        log.flush();
    }

    private static BsonDocument found(AuditRun run, String id) {
        return run.events().find(new BsonDocument("_id", new BsonString(id))).first();
    }

    private static long committed(Log log) throws Exception {
        OffsetAndMetadata position = log.committed().get(new TopicPartition(log.topic(), 0));
        return position == null ? 0 : position.offset();
    }

    @Test
    void recordsValidAndInvalidEvents() throws Exception {
        Plan plan = Manifests.clicks("wall", 1, "{flush: 200ms}");
        try (Log log = new Log(plan, KAFKA);
                AuditRun run = run(plan)) {
            log.send(0, click(Instant.now(), 7));
            log.send(0, "{\"user\":\"a\"}");
            log.send(0, new byte[] {'{', (byte) 0xff, '}'});
            log.send(0, (byte[]) null);
            await().until(() -> run.events().countDocuments() == 4);

            BsonDocument valid = found(run, log.topic() + ":0:0");
            assertThat(valid.getString("doc_type").getValue()).isEqualTo("success");
            assertThat(valid.getDateTime("_time").getValue())
                    .isEqualTo(Instant.parse(valid.getString("at").getValue()).toEpochMilli());
            assertThat(valid.getDocument("extra").getInt32("n").getValue()).isEqualTo(7);
            BsonDocument missing = found(run, log.topic() + ":0:1");
            assertThat(missing.getString("doc_type").getValue()).isEqualTo("failed");
            assertThat(missing.getString("_cause").getValue()).isEqualTo("missing");
            assertThat(missing.getString("failed_event").getValue()).isEqualTo("{\"user\":\"a\"}");
            assertThat(missing.getString("reason").getValue())
                    .isEqualTo("Missing fields: ['at', 'kind']");
            assertThat(missing.getDateTime("timestamp").getValue())
                    .isCloseTo(System.currentTimeMillis(), within(60_000L));
            BsonDocument garbage = found(run, log.topic() + ":0:2");
            assertThat(garbage.getString("failed_event").getValue()).isEqualTo("{\uFFFD}");
            assertThat(garbage.getString("failed_event_base64").getValue()).isEqualTo("e/99");
            assertThat(found(run, log.topic() + ":0:3").get("failed_event"))
                    .isEqualTo(BsonNull.VALUE);
            await().until(() -> committed(log) == 4);
            assertThat(
                            run.registry()
                                    .get("millrace.audit.events")
                                    .tag("doc_type", "failed")
                                    .counter()
                                    .count())
                    .isEqualTo(3);
            assertThat(run.status().health().getStatus().getCode()).isEqualTo("UP");
        }
    }

    @Test
    void takesWhateverComes() {
        Plan plan = Manifests.clicks("wall", 1, "{flush: 100ms}");
        try (Log log = new Log(plan, KAFKA);
                AuditRun run = run(plan)) {
            Random random = new Random(5);
            for (int i = 0; i < 1_000; i++) {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                log.send(0, noise);
                String json = RandomJson.object(random, 5);
                log.send(0, json.substring(0, random.nextInt(json.length() + 1)));
                log.send(
                        0,
                        click(Instant.now(), i).replace("{\"n\"", "{\"$x.y\":" + json + ",\"n\""));
            }
            log.send(0, "[".repeat(100_000));
            log.send(0, "x".repeat((1 << 20) + 1));
            await().until(() -> run.events().countDocuments() == 3_002);
            var valid = new BsonDocument("doc_type", new BsonString("success"));
            assertThat(run.events().countDocuments(valid)).isEqualTo(1_000);
        }
    }

    @Test
    void writesWhenABatchIsFullAndTheRestWhenStopped() throws Exception {
        Plan plan = Manifests.clicks("wall", 1, "{flush: 10m, batch: 50}");
        try (Log log = new Log(plan, KAFKA);
                AuditRun run = run(plan)) {
            send(log, 120);
            await().until(() -> run.events().countDocuments() == 100);
            await().until(
                            () ->
                                    run.registry()
                                                    .get("millrace.audit.waiting.events")
                                                    .gauge()
                                                    .value()
                                            == 20);
            assertThat(run.events().countDocuments()).isEqualTo(100);
            await().until(() -> committed(log) == 100);
            run.stop();
            assertThat(run.events().countDocuments()).isEqualTo(120);
            assertThat(committed(log)).isEqualTo(120);
        }
    }

    @Test
    void writesWhenTheOldestHasWaitedLongEnough() {
        Plan plan = Manifests.clicks("wall", 1, "{flush: 2s, batch: 100000}");
        try (Log log = new Log(plan, KAFKA);
                AuditRun run = run(plan)) {
            send(log, 1);
            await().until(() -> run.events().countDocuments() == 1);
            long start = System.nanoTime();
            send(log, 5);
            // There is always one that has not waited long: that does not hold up the others.
            await().pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> {
                                send(log, 1);
                                return run.events().countDocuments() > 5;
                            });
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(1_900));
        }
    }

    @Test
    void doesNotDoubleWhatWasWrittenButNotCommitted() throws Exception {
        Plan plan = Manifests.clicks("wall", 1, "{flush: 100ms, batch: 40}");
        String mongo = TestServers.mongo().uri(plan.name());
        try (Log log = new Log(plan, KAFKA)) {
            send(log, 300);
            try (AuditRun run =
                    new AuditRun(plan, AuditRun.SETTINGS, KAFKA, mongo, Map.of(), NoCommits::of)) {
                await().until(() -> run.events().countDocuments() == 300);
            }
            assertThat(committed(log)).isZero();
            send(log, 10);
            try (AuditRun run = run(plan)) {
                await().until(() -> run.events().countDocuments() == 310);
                await().until(() -> committed(log) == 310);
                assertThat(run.registry().counter("millrace.audit.duplicates").count())
                        .isEqualTo(300);
            }
        }
    }

    @Test
    void keepsTheEventClockOverARestart() throws Exception {
        Plan plan = Manifests.clicks("event", 1, "{flush: 100ms}");
        Instant newest = Instant.parse("2019-05-05T12:00:00Z");
        String late = "late";
        try (Log log = new Log(plan, KAFKA)) {
            log.send(0, click(newest.minusSeconds(300), 0));
            log.send(0, click(newest, 1));
            try (AuditRun run = run(plan)) {
                await().until(() -> committed(log) == 2);
            }
            log.send(0, click(newest.minusSeconds(121), 2));
            log.send(0, click(newest.minusSeconds(119), 3));
            try (AuditRun run = run(plan)) {
                await().until(() -> run.events().countDocuments() == 4);
                assertThat(found(run, log.topic() + ":0:2").getString("_cause").getValue())
                        .isEqualTo(late);
                assertThat(found(run, log.topic() + ":0:3").containsKey("_cause")).isFalse();
                assertThat(run.registry().counter("millrace.audit.duplicates").count()).isZero();
            }
            // Without the watermark, only the log itself can tell what is late.
            log.admin()
                    .alterConsumerGroupOffsets(
                            log.group(),
                            Map.of(new TopicPartition(log.topic(), 0), new OffsetAndMetadata(4)))
                    .all()
                    .get();
            log.send(0, click(newest.minusSeconds(200), 4));
            try (AuditRun run = run(plan)) {
                await().until(() -> run.events().countDocuments() == 5);
                assertThat(found(run, log.topic() + ":0:4").getString("_cause").getValue())
                        .isEqualTo(late);
                // counted when the write is over, which may be after the document is there
                await().until(
                                () ->
                                        run.registry().counter("millrace.audit.duplicates").count()
                                                == 4);
            }
        }
    }

    @Test
    void countsWhatIsGoneFromKafka() throws Exception {
        Plan plan = Manifests.clicks("wall", 1, "{flush: 100ms}");
        try (Log log = new Log(plan, KAFKA)) {
            send(log, 10);
            try (AuditRun run = run(plan)) {
                await().until(() -> committed(log) == 10);
            }
            send(log, 10);
            log.admin()
                    .deleteRecords(
                            Map.of(
                                    new TopicPartition(log.topic(), 0),
                                    RecordsToDelete.beforeOffset(15)))
                    .all()
                    .get();
            try (AuditRun run = run(plan)) {
                await().until(() -> run.events().countDocuments() == 15);
                assertThat(run.registry().counter("millrace.audit.lost").count()).isEqualTo(5);
            }
        }
    }

    @Test
    void sharesPartitionsWithoutLossOrDoubles() throws Exception {
        Plan plan = Manifests.clicks("event", 4, "{flush: 300ms, batch: 100}");
        AtomicBoolean isShared = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger();
        Instant start = Instant.parse("2020-01-01T00:00:00Z");
        try (Log log = new Log(plan, KAFKA);
                AuditRun first = run(plan)) {
            Thread sender =
                    Thread.startVirtualThread(
                            () -> {
                                for (int i = 0; i < 12_000 || !isShared.get(); i++) {
                                    log.send(i % 4, click(start.plusSeconds(i), i));
                                    sent.incrementAndGet();
                                    if (i % 100 == 0) {
                                        pause();
                                    }
                                }
                                log.flush();
                            });
            await().until(() -> first.events().countDocuments() > 500);
            try (AuditRun second = run(plan)) {
                await().until(() -> recorded(second) > 500);
                first.stop();
                isShared.set(true);
                sender.join();
                int events = sent.get();
                await().until(() -> second.events().countDocuments() == events);
                var late = new BsonDocument("doc_type", new BsonString("failed"));
                assertThat(second.events().countDocuments(late)).isZero();
                // counted when the write is over, which may be after the documents are there
                await().until(() -> recorded(first) + recorded(second) >= events);
                assertThat(recorded(first) + recorded(second)).isEqualTo(events);
            }
            long sum = log.committed().values().stream().mapToLong(OffsetAndMetadata::offset).sum();
            assertThat(sum).isEqualTo(sent.get());
        }
    }

    private static double recorded(AuditRun run) {
        return run.registry().counter("millrace.audit.events", "doc_type", "success").count();
    }

    private static void pause() {
        try {
            Thread.sleep(40);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
