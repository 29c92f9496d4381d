package dev.millrace.api.state;

import dev.millrace.pipeline.state.StateKeys;

import io.lettuce.core.KeyValue;
import io.lettuce.core.Range;
import io.lettuce.core.RedisFuture;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The small part of the state that every tick reads.
 *
 * @param fingerprint of the plan that the state was counted by; {@code null}: nothing was counted
 * @param era changes whenever the state may have gone back; {@code null}: nothing was counted
 * @param sequence number of the newest flush
 * @param changed keys of the buckets that changed after the flush last seen
 */
record Head(
        String fingerprint,
        String era,
        long sequence,
        Map<String, String> positions,
        Map<String, String> totals,
        Map<String, String> losses,
        List<String> changed) {

    /** Whether it is whole, and was counted by some plan: of use to readers that have that plan. */
    boolean isAnothers() {
        return fingerprint != null && !fingerprint.startsWith("emptying");
    }

    /**
     * Reads it.
     *
     * @param after the flush last seen; negative where none was, and every bucket is read anyway
     */
    static Head read(StateConnection redis, StateKeys keys, long after)
            throws InterruptedException {
        RedisFuture<List<KeyValue<String, String>>> meta =
                redis.send().hmget(keys.meta(), "fingerprint", "era", "sequence");
        RedisFuture<Map<String, String>> positions = redis.send().hgetall(keys.positions());
        RedisFuture<Map<String, String>> totals = redis.send().hgetall(keys.totals());
        RedisFuture<Map<String, String>> losses = redis.send().hgetall(keys.losses());
        RedisFuture<List<String>> changed =
                after < 0
                        ? null
                        : redis.send()
                                .zrangebyscore(
                                        keys.changes(),
                                        Range.from(
                                                Range.Boundary.excluding(after),
                                                Range.Boundary.unbounded()));
        Map<String, String> values = new HashMap<>();
        redis.await(meta).forEach(value -> values.put(value.getKey(), value.getValueOrElse(null)));
        return new Head(
                values.get("fingerprint"),
                values.get("era"),
                Numbers.parse(values.get("sequence")),
                redis.await(positions),
                redis.await(totals),
                redis.await(losses),
                changed == null ? List.of() : redis.await(changed));
    }

    /** Number of the newest flush. */
    static long readSequence(StateConnection redis, StateKeys keys) throws InterruptedException {
        return Numbers.parse(redis.await(redis.send().hget(keys.meta(), "sequence")));
    }
}
