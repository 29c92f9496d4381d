package dev.millrace.bench.processor;

import dev.millrace.bench.Measured;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.PackedGroups;
import dev.millrace.pipeline.state.PackedTotals;
import dev.millrace.pipeline.state.PackedValues;
import dev.millrace.pipeline.state.StateKeys;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What the processor has counted, in Redis. */
final class Counted implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final RedisClient client;
    private final RedisCommands<String, String> redis;
    private final StateKeys keys;

    Counted(String url, Plan plan) {
        this.client = RedisClient.create(url);
        this.redis = client.connect().sync();
        this.keys = new StateKeys(plan);
    }

    /** How many events of the log its position stands behind. */
    long events() {
        return positions().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The same for each partition that has a position. */
    Map<String, Long> positions() {
        return redis.hgetall(keys.positions()).entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                entry ->
                                        Long.parseLong(
                                                entry.getValue()
                                                        .substring(
                                                                0,
                                                                entry.getValue().indexOf(':')))));
    }

    /** Waits until so many events are counted; gives how many are. */
    long await(long count, Measured process) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long events;
        while ((events = events()) < count) {
            process.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Only %d events are counted; the processor said:%n%s"
                                .formatted(events, process.output()));
            }
            Thread.sleep(5);
        }
        return events;
    }

    /** Fails where a number of any bucket is not what it must be. */
    void check(Truth truth) {
        var totals = redis.hgetall(keys.totals());
        require("totals", Map.of("valid", Long.toString(truth.events())), totals);
        truth.minutes()
                .forEach(
                        (start, minute) -> {
                            String stamp = ":" + Granularity.MINUTE.stamp(start);
                            require(
                                    "active_users" + stamp,
                                    minute.users(),
                                    values("active_users" + stamp));
                            Map<String, Long> views = new HashMap<>();
                            for (int page = 0; page < minute.views().length; page++) {
                                if (minute.views()[page] > 0) {
                                    views.put(Events.pageUrl(page), (long) minute.views()[page]);
                                }
                            }
                            require("page_views" + stamp, views, totals("page_views" + stamp));
                            Map<String, Long> sessions = new HashMap<>();
                            for (int user = 0; user < minute.sessions().length; user++) {
                                if (minute.sessions()[user] != 0) {
                                    sessions.put("user-" + user, (long) minute.sessionsOf(user));
                                }
                            }
                            require(
                                    "active_sessions" + stamp,
                                    sessions,
                                    sizes("active_sessions" + stamp));
                        });
    }

    private long values(String key) {
        PackedValues packed = new PackedValues();
        packed.addAll(packed(key));
        Set<String> values = packed.toSet();
        values.addAll(redis.smembers(key));
        return values.size();
    }

    private Map<String, Long> totals(String key) {
        PackedTotals packed = new PackedTotals();
        packed.addAll(packed(key));
        Map<String, Long> totals = packed.toMap();
        ranked(key).forEach((group, total) -> totals.merge(group, total, Long::sum));
        return totals;
    }

    private Map<String, Long> sizes(String key) {
        PackedGroups packed = new PackedGroups();
        packed.addAll(packed(key));
        Map<String, Set<String>> groups = packed.toMap();
        ranked(key)
                .keySet()
                .forEach(
                        group ->
                                groups.computeIfAbsent(group, _ -> new HashSet<>())
                                        .addAll(redis.smembers(set(key, group))));
        Map<String, Long> sizes = new HashMap<>();
        groups.forEach((group, values) -> sizes.put(group, (long) values.size()));
        return sizes;
    }

    private static String set(String key, String group) {
        int colon = key.indexOf(':');
        return key.substring(0, colon + 1) + group + key.substring(colon);
    }

    private byte[] packed(String key) {
        return redis.dispatch(
                CommandType.GET,
                new ByteArrayOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8).addKey(StateKeys.packed(key)));
    }

    private Map<String, Long> ranked(String key) {
        List<ScoredValue<String>> all = redis.zrangeWithScores(key, 0, -1);
        return all.stream()
                .collect(Collectors.toMap(ScoredValue::getValue, value -> (long) value.getScore()));
    }

    private static void require(String what, Object expected, Object counted) {
        if (!Objects.equals(expected, counted)) {
            throw new IllegalStateException(
                    "%s is wrong in Redis: %.200s instead of %.200s"
                            .formatted(what, counted, expected));
        }
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
