package dev.millrace.testing;

import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.PackedEntries;
import dev.millrace.pipeline.state.PackedGroups;
import dev.millrace.pipeline.state.PackedTotals;
import dev.millrace.pipeline.state.PackedValues;
import dev.millrace.pipeline.state.StateKeys;

import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Reads buckets from Redis by plain means: what is written one by one, and the packed part. */
public final class WholeBuckets {
    private final RedisCommands<String, String> redis;

    /** A reader of some Redis. */
    public WholeBuckets(RedisCommands<String, String> redis) {
        this.redis = redis;
    }

    /** The numbers of groups: {@code count} and {@code sum} with {@code by}. */
    public Map<String, Long> totals(String key) {
        Map<String, Long> totals = packed(key, new PackedTotals()).toMap();
        if (redis.type(key).equals("hash")) {
            redis.hgetall(key)
                    .forEach((group, sum) -> totals.merge(group, Long.valueOf(sum), Long::sum));
        } else {
            scores(key).forEach((group, count) -> totals.merge(group, count, Long::sum));
        }
        return totals;
    }

    /** Different values: {@code unique}. */
    public Set<String> values(String key) {
        Set<String> values = packed(key, new PackedValues()).toSet();
        values.addAll(redis.smembers(key));
        return values;
    }

    /**
     * Different values of groups: {@code unique} with {@code by}.
     *
     * @throws IllegalStateException where a set's size is not what is noted of it
     */
    public Map<String, Set<String>> groupValues(String key) {
        Map<String, Set<String>> groups = packed(key, new PackedGroups()).toMap();
        scores(key)
                .forEach(
                        (group, size) -> {
                            int colon = key.indexOf(':');
                            String set = key.substring(0, colon + 1) + group + key.substring(colon);
                            Set<String> values = redis.smembers(set);
                            if (values.size() != size) {
                                throw new IllegalStateException(
                                        set + " has " + values.size() + " values, not " + size);
                            }
                            groups.computeIfAbsent(group, _ -> new HashSet<>()).addAll(values);
                        });
        return groups;
    }

    /** About how many different values: {@code unique} with {@code approximate}. */
    public HyperLogLog estimate(String key) {
        byte[] string = bytes(key);
        return string == null ? HyperLogLog.EMPTY : HyperLogLog.ofRedis(string);
    }

    /** About how many different values of groups. */
    public Map<String, HyperLogLog> groupEstimates(String key) {
        Map<String, HyperLogLog> groups = new HashMap<>();
        int colon = key.indexOf(':');
        redis.zrange(key, 0, -1)
                .forEach(
                        group ->
                                groups.put(
                                        group,
                                        estimate(
                                                key.substring(0, colon + 1)
                                                        + group
                                                        + key.substring(colon))));
        return groups;
    }

    /** Whether something of a bucket is packed. */
    public boolean isPacked(String key) {
        return redis.exists(StateKeys.packed(key)) == 1;
    }

    private Map<String, Long> scores(String key) {
        Map<String, Long> scores = new HashMap<>();
        redis.zrangeWithScores(key, 0, -1)
                .forEach(entry -> scores.put(entry.getValue(), (long) entry.getScore()));
        return scores;
    }

    private <T extends PackedEntries> T packed(String key, T entries) {
        entries.addAll(bytes(StateKeys.packed(key)));
        return entries;
    }

    private byte[] bytes(String key) {
        return redis.dispatch(
                CommandType.GET,
                new ByteArrayOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8).addKey(key));
    }
}
