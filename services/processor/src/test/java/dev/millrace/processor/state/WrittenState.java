package dev.millrace.processor.state;

import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.processor.counting.Counter;
import dev.millrace.processor.counting.Deltas;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Redis of a test class's own, empty for each test, and the store of a plan's first stream in it:
 * events are counted and flushed as an instance does that owns the partitions.
 */
public final class WrittenState implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Plan plan;
    private final StreamPlan stream;
    private final Counter counter;
    private final Map<TopicPartition, Long> owners = new HashMap<>();
    private final Map<TopicPartition, Position> positions = new HashMap<>();
    private Path folder;
    private EmbeddedRedis server;
    private RedisClient client;
    private StatefulRedisConnection<byte[], byte[]> connection;
    private RedisCommands<String, String> redis;
    private WindowStore store;

    /** A state in which nothing is packed unless a flush has very much of it. */
    public WrittenState(Plan plan) {
        this(plan, 1_000);
    }

    /**
     * A state.
     *
     * @param packAbove of how many entries for a bucket a flush packs them
     */
    public WrittenState(Plan plan, int packAbove) {
        this.plan = plan;
        this.stream = plan.streams().getFirst();
        this.counter = new Counter(stream, plan.measures(stream), packAbove);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        folder = Files.createTempDirectory("written-state");
        server = EmbeddedRedis.start(folder.resolve("redis"), 0);
        client = RedisClient.create(server.url());
        connection = client.connect(ByteArrayCodec.INSTANCE);
        redis = client.connect().sync();
        store = store(plan);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Empties Redis and begins anew; nothing is owned. */
    void begin() {
        redis.flushall();
        owners.clear();
        positions.clear();
        store.begin();
    }

    /** What the plan's state is written by. */
    public WindowStore store() {
        return store;
    }

    /** Another store in the same Redis. */
    WindowStore store(Plan other) {
        return new WindowStore(other, connection::async, PATIENCE);
    }

    /** What looks into Redis. */
    public RedisCommands<String, String> redis() {
        return redis;
    }

    /** The connection that is written by. */
    StatefulRedisConnection<byte[], byte[]> connection() {
        return connection;
    }

    /** The server, to be killed. */
    EmbeddedRedis server() {
        return server;
    }

    /** The folder of its files. */
    Path folder() {
        return folder.resolve("redis");
    }

    /** A partition of the stream's topic. */
    TopicPartition partition(int number) {
        return new TopicPartition(stream.topic().name(), number);
    }

    /** How far a partition is counted; empty before its first flush. */
    Optional<Position> position(int partition) {
        return Optional.ofNullable(positions.get(partition(partition)));
    }

    /** Events, counted as ones that came at a time. */
    Deltas count(Instant time, Collection<String> events) {
        Deltas deltas = counter.deltas();
        EventDecoder decoder = new EventDecoder(stream);
        for (String event : events) {
            byte[] json = event.getBytes(StandardCharsets.UTF_8);
            counter.count(
                    (Event) decoder.decode(json, time.toEpochMilli()), time.toEpochMilli(), deltas);
        }
        return deltas;
    }

    /** Counts events of a partition, which is taken first where it is not owned, and flushes. */
    FlushOutcome flush(int number, Instant time, Collection<String> events) {
        TopicPartition partition = partition(number);
        long owner =
                owners.computeIfAbsent(
                        partition,
                        _ -> store.take(List.of(partition)).orElseThrow().get(partition).owner());
        Position from = positions.get(partition);
        Position to = new Position((from == null ? 0 : from.offset()) + events.size(), 0);
        positions.put(partition, to);
        return store.flush(partition, owner, Optional.ofNullable(from), to, 0, count(time, events))
                .join();
    }
}
