package dev.millrace.bench.enricher;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.GlobalKTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The same join as somebody would write it in Kafka Streams: exactly once, the table in memory,
 * records by Jackson. Arguments: {@code BOOTSTRAP_SERVERS ORDERS PRODUCTS OUTPUT FOLDER}. Runs
 * until it is ended.
 */
final class ByHand {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ByHand() {}

    record Order(String id, String at, List<Item> items) {}

    record Item(int product_id, int quantity) {}

    record Product(int id, String name, String category, double price) {}

    /** An item with its order. */
    record Line(String id, String at, int product_id, int quantity) {}

    record Joined(
            String id,
            String at,
            int product_id,
            int quantity,
            String product,
            String category,
            double price) {}

    static void main(String[] args) throws InterruptedException {
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "by-hand-" + System.nanoTime());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, args[4]);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put(StreamsConfig.producerPrefix("compression.type"), "lz4");
        var builder = new StreamsBuilder();
        GlobalKTable<String, Product> products =
                builder.globalTable(
                        args[2],
                        Consumed.with(Serdes.String(), json(Product.class)),
                        Materialized.as(Stores.inMemoryKeyValueStore("products")));
        builder.stream(args[1], Consumed.with(Serdes.String(), json(Order.class)))
                .flatMapValues(
                        order -> {
                            List<Line> lines = new ArrayList<>();
                            for (Item item : order.items()) {
                                lines.add(
                                        new Line(
                                                order.id(),
                                                order.at(),
                                                item.product_id(),
                                                item.quantity()));
                            }
                            return lines;
                        })
                .join(
                        products,
                        (id, line) -> Integer.toString(line.product_id()),
                        (line, product) ->
                                new Joined(
                                        line.id(),
                                        line.at(),
                                        line.product_id(),
                                        line.quantity(),
                                        product.name(),
                                        product.category(),
                                        product.price()))
                .to(args[3], Produced.with(Serdes.String(), json(Joined.class)));
        try (var streams = new KafkaStreams(builder.build(), settings)) {
            streams.start();
            Thread.sleep(Duration.ofMinutes(30));
        }
    }

    private static <T> Serde<T> json(Class<T> type) {
        return Serdes.serdeFrom(
                (topic, value) ->
                        value == null ? null : JSON.writeValueAsString(value).getBytes(UTF_8),
                (topic, bytes) -> bytes == null ? null : JSON.readValue(bytes, type));
    }
}
