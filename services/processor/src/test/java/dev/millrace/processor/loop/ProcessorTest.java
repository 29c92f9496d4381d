package dev.millrace.processor.loop;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.plan.Plan;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The processor on a real broker and a real Redis: right numbers, also after faults made on
 * purpose.
 */
class ProcessorTest {
    @TempDir static Path folder;
    private static EmbeddedKafka kafka;
    private static EmbeddedRedis redisServer;
    private static RedisClient client;
    private static RedisCommands<String, String> redis;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        redisServer = EmbeddedRedis.start(folder.resolve("redis"), 0);
        client = RedisClient.create(redisServer.url());
        redis = client.connect().sync();
    }

    @AfterAll
    static void stop() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        redisServer.close();
        kafka.close();
    }

    private static Plan prepared(String name, String clock) throws Exception {
        redisServer.flushAll();
        Plan plan = ProcessorFixture.plan(name, clock);
        ProcessorFixture.createTopics(kafka.bootstrapServers(), plan);
        return plan;
    }

    private static ProcessorFixture processor(Plan plan) {
        return new ProcessorFixture(plan, kafka.bootstrapServers(), redisServer.url()).start();
    }

    private static void send(Plan plan, List<byte[]> events) {
        ProcessorFixture.send(
                kafka.bootstrapServers(), plan.streams().getFirst().topic().name(), 2, events);
    }

    private static void awaitCounting(ProcessorFixture processor) {
        await().until(() -> processor.state().phase() == ProcessorState.Phase.COUNTING);
    }

    private static void awaitSeen(Plan plan, Model model) {
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> Model.seen(redis, plan.name()) == model.valid() + model.invalid());
    }

    @Test
    void countsEveryMeasureAndSendsTheRestToTheDeadLetters() throws Exception {
        Plan plan = prepared("plain", "wall");
        Model model = new Model(1);
        try (ProcessorFixture processor = processor(plan)) {
            send(plan, model.events(2_000, Instant.now()));
            awaitSeen(plan, model);
            for (int i = 0; i < 20; i++) {
                // Few at a time: some measures of a flush have no number then.
                send(plan, model.events(2, Instant.now()));
                awaitSeen(plan, model);
            }
            awaitCounting(processor);
            assertThat(processor.refusedWrites()).isZero();
        }
        model.verify(redis, plan.name());
        assertThat(redis.ttl("hits:all")).isEqualTo(-1);
        assertThat(redis.keys("hits:2*"))
                .allSatisfy(key -> assertThat(redis.ttl(key)).isPositive());
        assertThat(redis.keys("pages_of:u1:2*"))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(redis.ttl(key)).isPositive());
        assertThat(redis.lrange("millrace:plain:dead-letters", 0, -1))
                .hasSize(100)
                .allSatisfy(letter -> assertThat(letter).contains("\"reason\":\""));
        List<ConsumerRecord<byte[], byte[]>> letters = deadLetters(plan, model.invalid());
        assertThat(letters).hasSize((int) model.invalid());
        assertThat(letters)
                .allSatisfy(
                        letter -> {
                            assertThat(letter.headers().lastHeader("millrace-reason").value())
                                    .isNotEmpty();
                            assertThat(
                                            new String(
                                                    letter.headers()
                                                            .lastHeader("millrace-topic")
                                                            .value(),
                                                    StandardCharsets.UTF_8))
                                    .isEqualTo("plain-events");
                        });
    }

    private static List<ConsumerRecord<byte[], byte[]>> deadLetters(Plan plan, long expected) {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(plan.deadLetterTopic(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(letters::add);
            }
        }
        assertThat(letters.size()).isGreaterThanOrEqualTo((int) expected);
        return letters;
    }

    @Test
    void carriesOnWhereItWasStopped() throws Exception {
        Plan plan = prepared("restarted", "wall");
        Model model = new Model(2);
        for (int round = 0; round < 3; round++) {
            try (ProcessorFixture processor = processor(plan)) {
                send(plan, model.events(500, Instant.now()));
                if (round == 1) {
                    awaitSeen(plan, model);
                }
                assertThat(processor.state().phase()).isNotEqualTo(ProcessorState.Phase.SUPERSEDED);
            }
        }
        try (ProcessorFixture processor = processor(plan)) {
            awaitSeen(plan, model);
            model.verify(redis, plan.name());
        }
    }

    @Test
    void readsAgainWhatRedisLost() throws Exception {
        Plan plan = prepared("wiped", "wall");
        Model model = new Model(3);
        try (ProcessorFixture processor = processor(plan)) {
            send(plan, model.events(1_000, Instant.now()));
            awaitSeen(plan, model);
            redisServer.flushAll();
            send(plan, model.events(300, Instant.now()));
            awaitSeen(plan, model);
            model.verify(redis, plan.name());

            redisServer.kill();
            send(plan, model.events(300, Instant.now()));
            redisServer.restart();
            awaitSeen(plan, model);
            model.verify(redis, plan.name());

            redisServer.wipe();
            awaitSeen(plan, model);
            model.verify(redis, plan.name());
            awaitCounting(processor);
        }
    }

    @Test
    void countsAnewWhereAPartOfAFlushIsLeft() throws Exception {
        Plan plan = prepared("torn", "wall");
        Model model = new Model(8);
        try (ProcessorFixture first = processor(plan);
                ProcessorFixture second = processor(plan)) {
            send(plan, model.events(1_000, Instant.now()));
            awaitSeen(plan, model);
            // What the first commands of a flush do, without the last.
            redis.hincrby("millrace:torn:meta", "sequence", 1);
            redis.incrby("hits:all", 9);
            redis.hincrby("millrace:torn:totals", "valid", 9);
            send(plan, model.events(300, Instant.now()));
            awaitSeen(plan, model);
            model.verify(redis, plan.name());
            awaitCounting(first);
            awaitCounting(second);
        }
    }

    @Test
    void handsPartitionsOverWithoutLosingOrDoublingAnything() throws Exception {
        Plan plan = prepared("shared", "wall");
        Model model = new Model(4);
        try (ProcessorFixture first = processor(plan)) {
            send(plan, model.events(600, Instant.now()));
            try (ProcessorFixture second = processor(plan)) {
                send(plan, model.events(600, Instant.now()));
                awaitCounting(second);
                send(plan, model.events(600, Instant.now()));
            }
            send(plan, model.events(600, Instant.now()));
            awaitSeen(plan, model);
            model.verify(redis, plan.name());
            awaitCounting(first);
        }
    }

    @Test
    void waitsForABrokerThatIsAway() throws Exception {
        Plan plan = prepared("broker", "wall");
        Model model = new Model(5);
        try (ProcessorFixture processor = processor(plan)) {
            send(plan, model.events(500, Instant.now()));
            awaitSeen(plan, model);
            kafka.restart();
            send(plan, model.events(500, Instant.now()));
            awaitSeen(plan, model);
            model.verify(redis, plan.name());
        }
    }

    @Test
    void keepsOldBucketsByTheEventClock() throws Exception {
        Plan plan = prepared("replayed", "event");
        Model model = new Model(6);
        Instant then = Instant.parse("2015-05-17T10:05:03Z");
        try (ProcessorFixture processor = processor(plan)) {
            send(plan, model.events(500, then));
            awaitSeen(plan, model);
            model.verify(redis, plan.name());
            assertThat(redis.keys("hits:2015*"))
                    .isNotEmpty()
                    .allSatisfy(key -> assertThat(redis.ttl(key)).isEqualTo(-1));
            awaitCounting(processor);
        }
        String watermark =
                redis.hget("millrace:replayed:positions", "replayed-events:0").split(":")[1];
        assertThat(Instant.ofEpochMilli(Long.parseLong(watermark)))
                .isBetween(then.minusSeconds(60), then);
    }

    @Test
    void countsAnewWhenThePlanChanges() throws Exception {
        Plan plan = prepared("changed", "wall");
        Model model = new Model(7);
        try (ProcessorFixture processor = processor(plan)) {
            send(plan, model.events(500, Instant.now()));
            awaitSeen(plan, model);
            awaitCounting(processor);
        }
        String other = ProcessorFixture.plan("other", "wall").fingerprint();
        redis.hset("millrace:changed:meta", "fingerprint", other);
        redis.incr("hits:all");
        String era = redis.hget("millrace:changed:meta", "era");
        try (ProcessorFixture processor = processor(plan)) {
            await().until(() -> !era.equals(redis.hget("millrace:changed:meta", "era")));
            awaitSeen(plan, model);
            model.verify(redis, plan.name());
            redis.hset("millrace:changed:meta", "fingerprint", other);
            send(plan, model.events(10, Instant.now()));
            await().until(() -> processor.state().phase() == ProcessorState.Phase.SUPERSEDED);
            assertThat(processor.state().reason()).contains("Restart it with the current manifest");
        }
    }
}
