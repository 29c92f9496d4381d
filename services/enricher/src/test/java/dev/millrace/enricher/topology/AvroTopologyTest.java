package dev.millrace.enricher.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.event.AvroEncoder;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemaRegistry;
import dev.millrace.testing.TestSchemaRegistry;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Streams of Avro are joined like others, also into Avro. */
class AvroTopologyTest {
    private static final String SHOP =
            """
              tables:
                - {name: products, key: id, topic: products, fields: {id: {type: integer}, price: {type: number}}}
              streams:
                - name: orders
                  format: avro
                  fields:
                    id: {type: string}
                    items: {type: array, items: {product: {type: integer}, quantity: {type: integer}}}
                - name: lines
                  format: avro
                  from: orders
                  explode: items
                  join: [{table: products, key: product, missing: keep}]
                  compute: {total: 'double(quantity) * price'}
                - {name: plain, from: orders, topic: {name: plain}}
            """;
    private static final String ORDER =
            "{\"id\":\"a\",\"items\":[{\"product\":1,\"quantity\":2},{\"product\":1,\"quantity\":3}]}";

    private static SchemaRegistry client(TestSchemaRegistry registry) {
        return new SchemaRegistry(URI.create(registry.url()), null);
    }

    private static byte[] order(StreamPlan orders, AvroEncoder encoder) {
        return encoder.encode(
                (Event) new EventDecoder(orders).decode(ORDER.getBytes(StandardCharsets.UTF_8), 0));
    }

    @Test
    void ordersOfAvroBecomeLinesOfAvro() {
        try (TestSchemaRegistry registry = new TestSchemaRegistry();
                Driver driver = new Driver(SHOP, 10, client(registry))) {
            StreamPlan orders = driver.plan().stream("orders").orElseThrow();
            StreamPlan lines = driver.plan().stream("lines").orElseThrow();
            driver.send("products", "1", "{\"id\":1,\"price\":7.5}");
            driver.sendBytes(
                    "orders", "a", order(orders, new AvroEncoder(orders, client(registry))));
            driver.sendBytes("orders", "b", new byte[] {0, 0, 0, 9, 9, 1});

            EventDecoder decoder = EventDecoder.of(lines, client(registry));
            List<byte[]> made = driver.values("lines");
            assertThat(made)
                    .allSatisfy(value -> assertThat(value).startsWith(0, 0, 0, 0))
                    .extracting(
                            value -> new String(decoder.readable(value), StandardCharsets.UTF_8))
                    .containsExactly(
                            "{\"id\":\"a\",\"product\":1,\"quantity\":2,\"price\":7.5,\"total\":15.0}",
                            "{\"id\":\"a\",\"product\":1,\"quantity\":3,\"price\":7.5,\"total\":22.5}");
            assertThat(driver.events("plain")).containsExactly(ORDER);
            assertThat(driver.reasons()).isEmpty();
        }
    }

    @Test
    void whileTheRegistryIsAwayNothingIsMadeOrRefused() {
        try (TestSchemaRegistry registry = new TestSchemaRegistry();
                Driver driver = new Driver(SHOP, 10, client(registry))) {
            StreamPlan orders = driver.plan().stream("orders").orElseThrow();
            byte[] order = order(orders, new AvroEncoder(orders, client(registry)));
            registry.away(true);

            // the thread ends, and its transaction with it: the event is read again
            assertThatThrownBy(() -> driver.sendBytes("orders", "a", order))
                    .hasStackTraceContaining("it is away");
            assertThat(driver.reasons()).isEmpty();
            assertThat(driver.values("lines")).isEmpty();
        }
    }
}
