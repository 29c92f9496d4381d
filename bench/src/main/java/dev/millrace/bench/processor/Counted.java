package dev.millrace.bench.processor;

import dev.millrace.bench.Measured;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.testing.WholeBuckets;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What the processor has counted, in Redis. */
final class Counted implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final RedisClient client;
    private final RedisCommands<String, String> redis;
    private final WholeBuckets buckets;
    private final StateKeys keys;

    Counted(String url, Plan plan) {
        this.client = RedisClient.create(url);
        this.redis = client.connect().sync();
        this.buckets = new WholeBuckets(redis);
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
                                    (long) buckets.values("active_users" + stamp).size());
                            Map<String, Long> views = new HashMap<>();
                            for (int page = 0; page < minute.views().length; page++) {
                                if (minute.views()[page] > 0) {
                                    views.put(Events.pageUrl(page), (long) minute.views()[page]);
                                }
                            }
                            require(
                                    "page_views" + stamp,
                                    views,
                                    buckets.totals("page_views" + stamp));
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

    private Map<String, Long> sizes(String key) {
        Map<String, Long> sizes = new HashMap<>();
        buckets.groupValues(key).forEach((group, values) -> sizes.put(group, (long) values.size()));
        return sizes;
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
