package dev.millrace.bench.processor;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * The clickstream's three metrics in Kafka Streams, with the same guarantee (exactly once), the
 * same buckets of a minute, state in memory and its default settings. Arguments: {@code
 * BOOTSTRAP_SERVERS TOPIC WARM_UP EVENTS VIEWS FOLDER}. Prints how many events it counted behind
 * the warm-up and in how many seconds, and what its state adds up to; then waits to be ended.
 */
final class StreamsCounting {
    private static final Duration BUCKET = Duration.ofMinutes(1);
    private static final Duration LATENESS = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final AtomicLong events = new AtomicLong();
    private final AtomicLong views = new AtomicLong();

    private StreamsCounting() {}

    /** An event, with the field names of its JSON. */
    record Click(
            String timestamp,
            String user_id,
            String event_type,
            String page_url,
            String session_id) {
        long time() {
            return Instant.parse(timestamp).toEpochMilli();
        }
    }

    static void main(String[] args) throws InterruptedException {
        new StreamsCounting()
                .run(
                        args,
                        Long.parseLong(args[2]),
                        Long.parseLong(args[3]),
                        Long.parseLong(args[4]));
    }

    private void run(String[] args, long warmUp, long expected, long expectedViews)
            throws InterruptedException {
        var settings = new Properties();
        settings.put(
                StreamsConfig.APPLICATION_ID_CONFIG, Path.of(args[5]).getFileName().toString());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, args[5]);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        var builder = new StreamsBuilder();
        count(
                builder.stream(
                        args[1],
                        Consumed.with(Serdes.String(), json(Click.class))
                                .withTimestampExtractor(
                                        (record, any) -> ((Click) record.value()).time())));
        try (var streams = new KafkaStreams(builder.build(), settings)) {
            streams.start();
            while (events.get() < warmUp) {
                Thread.sleep(1);
            }
            long first = events.get();
            var watch = Stopwatch.start();
            while (events.get() < expected || views.get() < expectedViews) {
                Thread.sleep(1);
            }
            watch.print(expected - first);
            // The last calls of the counting may still run.
            Thread.sleep(1_000);
            System.out.println(
                    "sums %d %d %d"
                            .formatted(
                                    sum(streams, "active_users", (Long count) -> 1),
                                    sum(
                                            streams,
                                            "active_sessions",
                                            (TreeSet<String> sessions) -> sessions.size()),
                                    sum(streams, "page_views", (Long count) -> count)));
            Thread.sleep(Duration.ofMinutes(10));
        }
    }

    private void count(KStream<String, Click> clicks) {
        var minutes = TimeWindows.ofSizeAndGrace(BUCKET, LATENESS);
        var byUser =
                clicks.peek((user, click) -> events.incrementAndGet())
                        .groupByKey()
                        .windowedBy(minutes);
        byUser.count(
                Materialized.<String, Long>as(store("active_users"))
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Serdes.Long()));
        byUser.aggregate(
                TreeSet<String>::new,
                (user, click, sessions) -> {
                    sessions.add(click.session_id());
                    return sessions;
                },
                Materialized.<String, TreeSet<String>>as(store("active_sessions"))
                        .withKeySerde(Serdes.String())
                        .withValueSerde(sessions()));
        clicks.filter((user, click) -> click.event_type().equals("page_view"))
                .map((user, click) -> KeyValue.pair(click.page_url(), 1))
                .repartition(Repartitioned.with(Serdes.String(), Serdes.Integer()))
                .peek((page, one) -> views.incrementAndGet())
                .groupByKey(Grouped.with(Serdes.String(), Serdes.Integer()))
                .windowedBy(minutes)
                .count(
                        Materialized.<String, Long>as(store("page_views"))
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.Long()));
    }

    private static WindowBytesStoreSupplier store(String name) {
        return Stores.inMemoryWindowStore(name, Duration.ofMinutes(20), BUCKET, false);
    }

    private static <V> long sum(KafkaStreams streams, String name, ToLongFunction<V> value) {
        var store =
                streams.store(
                        StoreQueryParameters.fromNameAndType(
                                name, QueryableStoreTypes.<String, V>windowStore()));
        long sum = 0;
        try (var entries = store.all()) {
            while (entries.hasNext()) {
                sum += value.applyAsLong(entries.next().value);
            }
        }
        return sum;
    }

    private static Serde<TreeSet<String>> sessions() {
        return Serdes.serdeFrom(
                (topic, set) -> String.join(" ", set).getBytes(UTF_8),
                (topic, bytes) -> new TreeSet<>(List.of(new String(bytes, UTF_8).split(" "))));
    }

    private static <T> Serde<T> json(Class<T> type) {
        Serializer<T> write = (topic, value) -> JSON.writeValueAsBytes(value);
        Deserializer<T> read = (topic, bytes) -> JSON.readValue(bytes, type);
        return Serdes.serdeFrom(write, read);
    }
}
