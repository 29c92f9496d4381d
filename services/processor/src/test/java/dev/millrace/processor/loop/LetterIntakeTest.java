package dev.millrace.processor.loop;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.deadletter.LetterHeaders;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The enricher's dead letters are counted once, whatever becomes of processor and Redis. */
class LetterIntakeTest {
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: letters}
                    spec:
                      streams:
                        - name: orders
                          fields: {id: {type: string}, items: {type: array, items: {sku: {type: string}}}}
                          topic: {name: letters-orders, partitions: 2}
                        - {name: items, from: orders, explode: items, topic: {name: letters-items}}
                      metrics:
                        - {name: orders, from: orders, measure: count, windows: [all]}
                    """);
    private static final String TOTALS = "millrace:letters:totals";

    private static ProducerRecord<byte[], byte[]> letter(
            String stream, String topic, Cause cause, int element) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        PLAN.deadLetterTopic(), "{\"id\":\"o7\"}".getBytes(StandardCharsets.UTF_8));
        new LetterHeaders("Because", cause, stream, topic, 1, 42, element, Instant.EPOCH)
                .addTo(record.headers());
        return record;
    }

    private static void send(EmbeddedKafka kafka, int unmatched, int compute) {
        try (KafkaProducer<byte[], byte[]> producer =
                ProcessorFixture.producer(kafka.bootstrapServers())) {
            for (int i = 0; i < unmatched; i++) {
                producer.send(letter("items", "letters-orders", Cause.unmatched, i));
            }
            for (int i = 0; i < compute; i++) {
                producer.send(letter("items", "letters-orders", Cause.compute, -1));
            }
            // not the enricher's: of a stream that is not derived, of one that is not there, of
            // the derived stream's own topic, and something else altogether
            producer.send(letter("orders", "letters-orders", Cause.late, -1));
            producer.send(letter("former", "letters-orders", Cause.type, -1));
            producer.send(letter("items", "letters-items", Cause.late, -1));
            producer.send(new ProducerRecord<>(PLAN.deadLetterTopic(), null, null));
            producer.flush();
        }
    }

    private static void awaitTotals(
            RedisCommands<String, String> redis, int malformed, int unmatched, int compute) {
        await().untilAsserted(
                        () ->
                                assertThat(redis.hgetall(TOTALS))
                                        .containsAllEntriesOf(
                                                Map.of(
                                                        "rejected:malformed",
                                                        Integer.toString(malformed),
                                                        "rejected:unmatched",
                                                        Integer.toString(unmatched),
                                                        "rejected:compute",
                                                        Integer.toString(compute)))
                                        .doesNotContainKeys("rejected:late", "rejected:type"));
    }

    private static ProcessorFixture processor(EmbeddedKafka kafka, EmbeddedRedis redis) {
        return new ProcessorFixture(PLAN, kafka.bootstrapServers(), redis.url()).start();
    }

    @Test
    void lettersOfTheEnricherAreCountedOnce(@TempDir Path folder) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
                EmbeddedRedis server = EmbeddedRedis.start(folder.resolve("redis"), 0);
                RedisClient client = RedisClient.create(server.url())) {
            RedisCommands<String, String> redis = client.connect().sync();
            ProcessorFixture.createTopics(kafka.bootstrapServers(), PLAN);
            List<byte[]> broken = List.of(new byte[] {'{'}, new byte[] {'['}, new byte[0]);
            try (ProcessorFixture processor = processor(kafka, server)) {
                ProcessorFixture.send(kafka.bootstrapServers(), "letters-orders", 2, broken);
                awaitTotals(redis, 3);
                send(kafka, 20, 5);
                awaitTotals(redis, 3, 20, 5);
                assertThat(redis.lrange("millrace:letters:dead-letters", 0, -1))
                        .hasSize(28)
                        .contains(
                                "{\"stream\":\"items\",\"topic\":\"letters-orders\",\"partition\":1,\"offset\":42,"
                                        + "\"element\":19,\"at\":\"1970-01-01T00:00:00Z\",\"reason\":\"Because\","
                                        + "\"cause\":\"unmatched\",\"event\":\"{\\\"id\\\":\\\"o7\\\"}\"}");
                assertThat(processor.rejected()).isEqualTo(3);
            }
            send(kafka, 1, 10);
            try (ProcessorFixture processor = processor(kafka, server)) {
                awaitTotals(redis, 3, 21, 15);
                server.flushAll();
                // its own letters are sent again when their events are read again, and still are
                // not counted twice
                awaitTotals(redis, 3, 21, 15);
                ProcessorFixture.send(kafka.bootstrapServers(), "letters-orders", 2, broken);
                awaitTotals(redis, 6, 21, 15);
            }
            assertThat(redis.hgetall("millrace:letters:losses")).isEmpty();
        }
    }

    private static void awaitTotals(RedisCommands<String, String> redis, int malformed) {
        await().untilAsserted(
                        () ->
                                assertThat(redis.hget(TOTALS, "rejected:malformed"))
                                        .isEqualTo(Integer.toString(malformed)));
    }

    @Test
    void aPipelineWithoutDerivedStreamsDoesNotReadItsLetters() {
        Plan plain = ProcessorFixture.plan("plain", "wall");
        assertThat(new Counting(plain, null, null, null, 1_000).topics())
                .containsExactly("plain-events");
        assertThat(new Counting(PLAN, null, null, null, 1_000).topics())
                .containsExactlyInAnyOrder("letters-orders", "letters-dead-letters");
    }
}
