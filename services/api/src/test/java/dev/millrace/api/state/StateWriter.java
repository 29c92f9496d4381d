package dev.millrace.api.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.PackedEntries;
import dev.millrace.pipeline.state.StateKeys;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes state by hand as the processor lays it out. */
public final class StateWriter implements AutoCloseable {
    private final Plan plan;
    private final StateKeys keys;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final RedisCommands<String, String> redis;
    private final RedisCommands<byte[], byte[]> bytes;
    private final Set<String> touched = new LinkedHashSet<>();
    private final List<Runnable> atFlush = new ArrayList<>();
    private long packings;

    public StateWriter(Plan plan, String url) {
        this.plan = plan;
        this.keys = new StateKeys(plan);
        this.client = RedisClient.create(url);
        this.connection = client.connect();
        this.redis = connection.sync();
        this.bytes = client.connect(ByteArrayCodec.INSTANCE).sync();
    }

    public RedisCommands<String, String> redis() {
        return redis;
    }

    public RedisAsyncCommands<String, String> async() {
        return connection.async();
    }

    public StateKeys keys() {
        return keys;
    }

    /** An empty state of this plan. */
    public StateWriter begin(String era) {
        redis.flushall();
        redis.hset(keys.meta(), "fingerprint", plan.fingerprint());
        redis.hset(keys.meta(), "era", era);
        redis.hset(keys.meta(), "sequence", "0");
        return this;
    }

    /** Adds to a number. */
    public StateWriter add(String metric, Instant time, long amount) {
        each(metric, time, (_, key) -> redis.incrby(key, amount));
        return this;
    }

    /** Adds to a group's number. */
    public StateWriter add(String metric, Instant time, String group, long amount) {
        each(
                metric,
                time,
                (measure, key) -> {
                    if (measure.measure().name().equals("count")) {
                        redis.zincrby(key, amount, group);
                    } else {
                        redis.hincrby(key, group, amount);
                    }
                });
        return this;
    }

    /** Sets a field of a hash. */
    public StateWriter field(String metric, Instant time, String field, long value) {
        each(metric, time, (_, key) -> redis.hset(key, field, Long.toString(value)));
        return this;
    }

    /** Sets a number. */
    public StateWriter set(String metric, Instant time, long value) {
        each(metric, time, (_, key) -> redis.set(key, Long.toString(value)));
        return this;
    }

    /** Adds numbers to a distribution, of which there was nothing before. */
    public StateWriter numbers(String metric, Instant time, String group, long... numbers) {
        Distribution distribution = new Distribution();
        Arrays.stream(numbers).forEach(distribution::add);
        field(metric, time, StateKeys.field(StateKeys.SUM, group), distribution.sum());
        field(metric, time, StateKeys.field(StateKeys.MIN, group), distribution.min());
        field(metric, time, StateKeys.field(StateKeys.MAX, group), distribution.max());
        distribution.forEach(
                (bucket, count) -> field(metric, time, StateKeys.field("" + bucket, group), count));
        return this;
    }

    /** Adds a value to a set. */
    public StateWriter member(String metric, Instant time, String value) {
        each(metric, time, (_, key) -> redis.sadd(key, value));
        return this;
    }

    /** Adds a value to a group's set. */
    public StateWriter member(String metric, Instant time, String group, String value) {
        each(
                metric,
                time,
                (measure, key) -> {
                    String set = StateKeys.groupSet(measure, key, group);
                    redis.sadd(set, value);
                    redis.zadd(key, redis.scard(set), group);
                });
        return this;
    }

    /** Adds a value to a HyperLogLog. */
    public StateWriter estimate(String metric, Instant time, String value) {
        each(metric, time, (_, key) -> redis.pfadd(key, value));
        return this;
    }

    /** Adds a value to a group's HyperLogLog. */
    public StateWriter estimate(String metric, Instant time, String group, String value) {
        long sequence = Long.parseLong(redis.hget(keys.meta(), "sequence")) + 1;
        each(
                metric,
                time,
                (measure, key) -> {
                    if (redis.pfadd(StateKeys.groupSet(measure, key, group), value) > 0) {
                        redis.zadd(key, sequence, group);
                    }
                });
        return this;
    }

    /** Adds to the packed parts of buckets. */
    public StateWriter pack(String metric, Instant time, PackedEntries entries) {
        each(
                metric,
                time,
                (_, key) -> {
                    byte[] packed = StateKeys.packed(key).getBytes(UTF_8);
                    if (bytes.strlen(packed) == 0) {
                        bytes.append(packed, head());
                    }
                    bytes.append(packed, entries.toArray());
                });
        return this;
    }

    /** Packs a bucket anew, without a flush. */
    public StateWriter repack(String key) {
        byte[] packed = StateKeys.packed(key).getBytes(UTF_8);
        byte[] there = bytes.get(packed);
        if (there != null) {
            String metric = key.substring(0, key.indexOf(':'));
            PackedEntries entries =
                    PackedEntries.of((MeasurePlan) plan.metric(metric).orElseThrow());
            entries.addAll(there);
            bytes.multi();
            bytes.set(packed, head());
            bytes.append(packed, entries.toArray());
            bytes.exec();
        }
        return this;
    }

    private byte[] head() {
        return "%016d".formatted(++packings).getBytes(UTF_8);
    }

    public StateWriter total(String name, long amount) {
        atFlush.add(() -> redis.hincrby(keys.totals(), name, amount));
        return this;
    }

    public StateWriter position(String topic, int partition, long offset, Instant watermark) {
        String position = offset + ":" + watermark.toEpochMilli();
        atFlush.add(() -> redis.hset(keys.positions(), topic + ":" + partition, position));
        return this;
    }

    public StateWriter deadLetter(String json) {
        atFlush.add(() -> redis.lpush(keys.recentDeadLetters(), json));
        return this;
    }

    /** Ends a flush, as the processor's script does: the API sees all of it or nothing. */
    public void flush() {
        long sequence = Long.parseLong(redis.hget(keys.meta(), "sequence")) + 1;
        redis.multi();
        redis.hset(keys.meta(), "sequence", Long.toString(sequence));
        touched.forEach(key -> redis.zadd(keys.changes(), sequence, key));
        atFlush.forEach(Runnable::run);
        redis.exec();
        touched.clear();
        atFlush.clear();
    }

    private interface Write {
        void to(MeasurePlan metric, String key);
    }

    private void each(String name, Instant time, Write write) {
        MeasurePlan metric = (MeasurePlan) plan.metric(name).orElseThrow();
        for (Granularity granularity : metric.granularities()) {
            String key = StateKeys.bucket(metric, granularity, time.toEpochMilli());
            write.to(metric, key);
            touched.add(key);
        }
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
