package dev.millrace.enricher.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.enricher.Kafka;
import dev.millrace.enricher.TestPlans;
import dev.millrace.pipeline.event.AvroEncoder;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemaRegistry;
import dev.millrace.pipeline.topic.Topics;
import dev.millrace.testing.TestSchemaRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A table in an Avro topic, joined by an enricher whose registry comes and goes. */
class AvroTableTest {
    private static final String SPEC =
            """
              tables:
                - {name: people, key: id, topic: avro-table-people, format: avro, fields: {id: {type: string}, tier: {type: string}}}
              streams:
                # of the rows' shape: it writes them
                - {name: rows, format: avro, fields: {id: {type: string}, tier: {type: string}}, topic: {name: avro-table-rows, partitions: 1}}
                - {name: orders, fields: {who: {type: string}}, topic: {name: avro-table-orders, partitions: 1}}
                - {name: known, from: orders, join: [{table: people, key: who, missing: keep}], topic: {name: avro-table-known, partitions: 1}}
            """;

    @TempDir private Path folder;

    @Test
    void rowsOfAvroAreJoinedOnceTheRegistryAnswers() throws Exception {
        Path manifest = folder.resolve("shop.yaml");
        Path log = Path.of("target", "avro-table-enricher.log");
        Files.deleteIfExists(log);
        Files.writeString(manifest, TestPlans.manifest("avro-table", SPEC));
        Plan plan = ManifestReader.readToRun(manifest);
        try (TestSchemaRegistry registry = new TestSchemaRegistry();
                Admin admin = Kafka.admin();
                Producer<byte[], byte[]> producer = Kafka.producer();
                Tail known = new Tail("avro-table-known")) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("avro-table-people", 1, (short) 1)
                                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
            Topics.ensure(admin, plan);
            AvroEncoder encoder =
                    new AvroEncoder(
                            plan.stream("rows").orElseThrow(),
                            new SchemaRegistry(URI.create(registry.url()), null));
            put(plan, producer, encoder, "ann", "gold");
            put(plan, producer, encoder, "bob", "blue");
            producer.send(new ProducerRecord<>("avro-table-people", bytes("bob"), null));
            Kafka.send(producer, "avro-table-orders", "1", "{\"who\":\"ann\"}");
            Kafka.send(producer, "avro-table-orders", "2", "{\"who\":\"bob\"}");
            producer.flush();

            registry.away(true);
            try (EnricherProcess enricher =
                    new EnricherProcess(
                            manifest, log, "--millrace.schema-registry.url=" + registry.url())) {
                patiently()
                        .until(
                                () ->
                                        Files.exists(log)
                                                && Files.readString(log).contains("it is away"));
                assertThat(known.size()).as("nothing is joined without the rows").isZero();
                assertThat(enricher.isAlive()).isTrue();

                registry.away(false);
                patiently().until(() -> known.size() == 2);
                assertThat(known.records())
                        .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                        .containsExactly(
                                "{\"who\":\"ann\",\"id\":\"ann\",\"tier\":\"gold\"}",
                                "{\"who\":\"bob\"}");

                put(plan, producer, encoder, "ann", "silver");
                producer.flush();
                patiently()
                        .until(
                                () -> {
                                    Kafka.send(
                                            producer,
                                            "avro-table-orders",
                                            "3",
                                            "{\"who\":\"ann\"}");
                                    producer.flush();
                                    known.size();
                                    return known.records().stream()
                                            .anyMatch(
                                                    record ->
                                                            new String(
                                                                            record.value(),
                                                                            StandardCharsets.UTF_8)
                                                                    .contains("silver"));
                                });
                assertThat(enricher.stop()).isEqualTo(143);
            }
        }
    }

    private static void put(
            Plan plan,
            Producer<byte[], byte[]> producer,
            AvroEncoder encoder,
            String id,
            String tier) {
        StreamPlan rows = plan.stream("rows").orElseThrow();
        String json = "{\"id\":\"%s\",\"tier\":\"%s\"}".formatted(id, tier);
        byte[] row = encoder.encode((Event) new EventDecoder(rows).decode(bytes(json), 0));
        producer.send(new ProducerRecord<>("avro-table-people", bytes(id), row));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofMillis(300));
    }
}
