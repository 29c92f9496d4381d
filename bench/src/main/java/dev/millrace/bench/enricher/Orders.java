package dev.millrace.bench.enricher;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/** Orders of three items each, and the products that they are of; the same for the same counts. */
final class Orders {
    static final int ITEMS = 3;

    static final String MANIFEST =
            """
            apiVersion: millrace.dev/v1alpha1
            kind: AnalyticsPipeline
            metadata: {name: joined}
            spec:
              tables:
                - name: products
                  key: id
                  file: products.csv
                  fields: {id: {type: integer}, name: {type: string}, category: {type: string}, price: {type: number}}
              streams:
                - name: orders
                  fields:
                    id: {type: string}
                    at: {type: timestamp}
                    items: {type: array, items: {product_id: {type: integer}, quantity: {type: integer}}}
                  time: at
                  key: id
                - name: order_items
                  from: orders
                  explode: items
                  join: [{table: products, key: product_id, missing: drop, as: {product: name, category: category, price: price}}]
                  topic: {name: joined-items}
              metrics: [{name: sold, from: order_items, measure: sum, of: quantity, by: category, window: 5m}]
            """;

    private Orders() {}

    /** Writes the table's file. */
    static void writeProducts(Path file, int rows) throws IOException {
        var text = new StringBuilder("id,name,category,price\n");
        for (int id = 1; id <= rows; id++) {
            text.append(id)
                    .append(",Product number ")
                    .append(id)
                    .append(",category-")
                    .append(id % 40)
                    .append(',')
                    .append(id % 90)
                    .append(".50\n");
        }
        Files.writeString(file, text);
    }

    /** Sends orders. */
    static void send(String kafka, String topic, long count, int products) {
        var random = new SplittableRandom(20_261_121);
        var failure = new AtomicReference<Exception>();
        String now = Instant.now().toString();
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                kafka,
                                "compression.type",
                                "lz4",
                                "linger.ms",
                                20,
                                "batch.size",
                                128 << 10),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (long i = 0; i < count; i++) {
                var order = new StringBuilder(160);
                order.append("{\"id\":\"order-")
                        .append(i)
                        .append("\",\"at\":\"")
                        .append(now)
                        .append("\",\"items\":[");
                for (int item = 0; item < ITEMS; item++) {
                    order.append(item == 0 ? "" : ",")
                            .append("{\"product_id\":")
                            .append(1 + random.nextInt(products))
                            .append(",\"quantity\":")
                            .append(1 + random.nextInt(4))
                            .append('}');
                }
                order.append("]}");
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                ("order-" + i).getBytes(UTF_8),
                                order.toString().getBytes(UTF_8)),
                        (sent, fault) -> failure.compareAndSet(null, fault));
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("Kafka did not take the orders", failure.get());
        }
    }
}
