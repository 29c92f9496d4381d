package dev.millrace.processor.loop;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.event.AvroEncoder;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemaRegistry;
import dev.millrace.processor.loop.ProcessorState.Phase;
import dev.millrace.testing.TestSchemaRegistry;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Avro events are counted like others, and wait for the schema registry where they need it. */
class AvroTest {

    private static Plan plan(String more) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: avro}
                spec:
                  streams:
                    - name: sales
                      format: avro
                      fields: {at: {type: timestamp}, shop: {type: string, enum: [a, b]}, price: {type: number}%s}
                      time: at
                      topic: {partitions: 2}
                    - {name: clicks, fields: {page: {type: string}}, topic: {partitions: 1}}
                  metrics:
                    - {name: sales, from: sales, measure: count, by: shop, windows: [all]}
                    - {name: clicks, from: clicks, measure: count, windows: [all]}
                """
                        .formatted(more));
    }

    private static List<byte[]> sales(AvroEncoder encoder, StreamPlan stream, int count) {
        EventDecoder json = new EventDecoder(stream);
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String event =
                    "{\"at\":\"%s\",\"shop\":\"%s\",\"price\":1.5,\"coupon\":\"x\"}"
                            .formatted(Instant.now(), i % 2 == 0 ? "a" : "b");
            events.add(
                    encoder.encode((Event) json.decode(event.getBytes(StandardCharsets.UTF_8), 0)));
        }
        return events;
    }

    @Test
    void isCountedAndWaitsForTheRegistry(@TempDir Path folder) throws Exception {
        Plan plan = plan("");
        StreamPlan sales = plan.streams().getFirst();
        StreamPlan newer = plan(", coupon: {type: string, optional: true}").streams().getFirst();
        try (TestSchemaRegistry registry = new TestSchemaRegistry();
                EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
                EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
                RedisClient client = RedisClient.create(redis.url())) {
            RedisCommands<String, String> state = client.connect().sync();
            SchemaRegistry schemas = new SchemaRegistry(URI.create(registry.url()), null);
            AvroEncoder first = new AvroEncoder(sales, schemas);
            AvroEncoder second = new AvroEncoder(newer, schemas);
            second.register();
            ProcessorFixture.createTopics(kafka.bootstrapServers(), plan);
            try (ProcessorFixture processor =
                    new ProcessorFixture(
                                    plan,
                                    kafka.bootstrapServers(),
                                    redis.url(),
                                    new SchemaRegistry(URI.create(registry.url()), null))
                            .start()) {
                List<byte[]> events = sales(first, sales, 100);
                events.add("{\"at\": 7, \"shop\": \"c\"}".getBytes(StandardCharsets.UTF_8));
                events.add(new byte[] {0, 0, 0, 1, 0, 1});
                send(kafka, "sales", 2, events);
                await().until(() -> Model.seen(state, "avro") == 102);
                assertThat(state.zscore("sales:all", "a")).isEqualTo(50);
                assertThat(state.lrange("millrace:avro:dead-letters", 0, -1))
                        .hasSize(2)
                        .anySatisfy(letter -> assertThat(letter).contains("Not allowed: 'shop'"))
                        .anySatisfy(letter -> assertThat(letter).contains("no schema 256"));

                registry.away(true);
                send(kafka, "sales", 2, sales(second, newer, 100));
                await().untilAsserted(
                                () -> {
                                    assertThat(processor.state().phase()).isEqualTo(Phase.WAITING);
                                    assertThat(processor.state().reason())
                                            .contains("schema registry", "503 (it is away)");
                                });
                send(
                        kafka,
                        "clicks",
                        1,
                        List.of("{\"page\":\"/\"}".getBytes(StandardCharsets.UTF_8)));
                await().until(() -> Model.seen(state, "avro") == 103);
                send(kafka, "sales", 2, sales(first, sales, 10));

                registry.away(false);
                await().until(() -> Model.seen(state, "avro") == 213);
                assertThat(state.zscore("sales:all", "a")).isEqualTo(105);
                assertThat(state.zscore("sales:all", "b")).isEqualTo(105);
                assertThat(state.llen("millrace:avro:dead-letters")).isEqualTo(2);
                await().until(() -> processor.state().phase() == Phase.COUNTING);
            }
        }
    }

    private static void send(
            EmbeddedKafka kafka, String topic, int partitions, List<byte[]> events) {
        ProcessorFixture.send(kafka.bootstrapServers(), topic, partitions, events);
    }
}
