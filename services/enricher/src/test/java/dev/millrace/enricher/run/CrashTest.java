package dev.millrace.enricher.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.enricher.Kafka;
import dev.millrace.enricher.TestPlans;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The enricher is killed while orders come in, and each of their items is there exactly once. */
class CrashTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PRODUCTS = 50;

    @TempDir private Path folder;
    private final Map<String, String> expected = new TreeMap<>();
    private long poison;

    private final Tail lines = new Tail("crash-lines");
    private final Tail letters = new Tail("crash-dead-letters");

    @AfterEach
    void close() {
        lines.close();
        letters.close();
    }

    @Test
    void everyItemIsThereOnceAfterKills() throws Exception {
        Path manifest = folder.resolve("shop.yaml");
        Path log = Path.of("target", "crash-enricher.log");
        Files.writeString(manifest, TestPlans.manifest("crash", SPEC));
        StringBuilder csv = new StringBuilder("id,name,price\n");
        for (int i = 0; i < PRODUCTS; i++) {
            csv.append(i).append(",Product ").append(i).append(',').append(i).append(".5\n");
        }
        Files.writeString(folder.resolve("products.csv"), csv.toString());
        Plan plan = ManifestReader.readToRun(manifest);
        try (Admin admin = Kafka.admin()) {
            Topics.ensure(admin, plan);
        }

        AtomicBoolean sending = new AtomicBoolean(true);
        AtomicLong sent = new AtomicLong();
        Thread sender = Thread.ofPlatform().start(() -> send(sending, sent));
        Random random = new Random(42);
        for (int i = 0; i < 3; i++) {
            try (EnricherProcess enricher = new EnricherProcess(manifest, log)) {
                int before = lines.size();
                patiently().until(() -> !enricher.isAlive() || lines.size() > before + 200);
                assertThat(enricher.isAlive()).as("it runs: %s", log).isTrue();
                Thread.sleep(random.nextInt(300));
                enricher.kill();
            }
        }
        try (EnricherProcess one = new EnricherProcess(manifest, log);
                EnricherProcess other = new EnricherProcess(manifest, log)) {
            int before = lines.size();
            patiently().until(() -> lines.size() > before + 200);
            assertThat(one.stop()).as("it stops in order").isEqualTo(143);
            sending.set(false);
            sender.join();
            patiently().until(() -> lines.size() >= expected.size());
            patiently().until(() -> letters.size() >= poison);
            assertThat(other.stop()).isEqualTo(143);
        }

        Map<String, String> found = new TreeMap<>();
        List<String> twice = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : lines.records()) {
            JsonNode line = JSON.readTree(record.value());
            String id = line.path("id").asString() + "/" + line.path("line").asInt();
            String text =
                    line.path("product").asInt()
                            + " "
                            + line.path("product_name").asString()
                            + " "
                            + line.path("total").asDouble();
            if (found.put(id, text) != null) {
                twice.add(id);
            }
            assertThat(
                            new String(
                                    record.headers().lastHeader("millrace-source").value(),
                                    StandardCharsets.UTF_8))
                    .matches("crash-orders:[0-9]+:[0-9]+:[0-9]+");
        }
        assertThat(twice).as("made twice").isEmpty();
        assertThat(found).isEqualTo(expected);
        assertThat(letters.size()).isEqualTo((int) poison);
        System.out.printf(
                "%,d orders, %,d lines, %,d dead letters, 3 kills: all exact%n",
                sent.get(), found.size(), poison);
    }

    private void send(AtomicBoolean sending, AtomicLong sent) {
        Random random = new Random(7);
        try (Producer<byte[], byte[]> producer = Kafka.producer()) {
            for (long id = 0; sending.get(); id++) {
                StringBuilder items = new StringBuilder();
                int count = random.nextInt(5);
                for (int line = 0; line < count; line++) {
                    int product = random.nextInt(PRODUCTS + 1);
                    int quantity = 1 + random.nextInt(3);
                    items.append(items.isEmpty() ? "" : ",")
                            .append(
                                    "{\"line\":%d,\"product\":%d,\"quantity\":%d}"
                                            .formatted(line, product, quantity));
                    if (product == PRODUCTS) {
                        poison++;
                    } else {
                        expected.put(
                                "o" + id + "/" + line,
                                product + " Product " + product + " " + (product + 0.5) * quantity);
                    }
                }
                Kafka.send(
                        producer,
                        "crash-orders",
                        "o" + id,
                        "{\"id\":\"o%d\",\"at\":\"%s\",\"items\":[%s]}"
                                .formatted(id, Instant.now(), items));
                if (id % 5 == 0) {
                    Kafka.send(producer, "crash-orders", "x", "{\"id\":");
                    Thread.sleep(20);
                }
                sent.set(id + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofMillis(300));
    }

    private static final String SPEC =
            """
              tables:
                - {name: products, key: id, file: products.csv,
                   fields: {id: {type: integer}, name: {type: string}, price: {type: number}}}
              streams:
                - name: orders
                  fields:
                    id: {type: string}
                    at: {type: timestamp}
                    items: {type: array, items: {line: {type: integer}, product: {type: integer}, quantity: {type: integer}}}
                  time: at
                  key: id
                  topic: {name: crash-orders, partitions: 3}
                - name: lines
                  from: orders
                  explode: items
                  key: product
                  join: [{table: products, key: product, missing: dead-letter, as: {product_name: name, price: price}}]
                  compute: {total: 'double(quantity) * price'}
                  topic: {name: crash-lines, partitions: 3}
            """;
}
