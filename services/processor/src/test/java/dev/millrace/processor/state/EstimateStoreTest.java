package dev.millrace.processor.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.testing.WholeBuckets;

import io.lettuce.core.api.sync.RedisCommands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** What flushes make of declared estimates: the same registers as Redis makes of all values. */
class EstimateStoreTest {
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: test}
                    spec:
                      streams:
                        - name: events
                          fields: {at: {type: timestamp}, page: {type: string}, user: {type: string}}
                          time: at
                      metrics:
                        - {name: users, measure: unique, approximate: true, of: user, window: 5m}
                        - {name: users_of, measure: unique, approximate: true, of: user, by: page, window: 5m, maxGroups: 3}
                    """);
    @RegisterExtension static final WrittenState STATE = new WrittenState(PLAN, 5);

    private final RedisCommands<String, String> redis = STATE.redis();
    private final Instant at = Instant.now();

    private record Sent(String page, String user) {}

    private void flush(List<Sent> events) {
        assertThat(STATE.flush(0, at, events.stream().map(this::json).toList()))
                .isEqualTo(new FlushOutcome.Applied(0, Map.of()));
    }

    private String json(Sent event) {
        return "{\"at\":\"%s\",\"page\":\"%s\",\"user\":\"%s\"}"
                .formatted(at, event.page(), event.user());
    }

    private String bucket(String metric) {
        return redis.zrange("millrace:test:changes", 0, -1).stream()
                .filter(key -> key.startsWith(metric + ":"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void registersAndEstimateAreThoseOfRedis() {
        for (int count : List.of(1, 3, 50, 900, 20_000, 120_000)) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add("ü".repeat(i % 11) + i);
            }
            redis.del("plain");
            redis.pfadd("plain", values.toArray(String[]::new));
            HyperLogLog same = new WholeBuckets(redis).estimate("plain");
            assertThat(HyperLogLog.of(values)).isEqualTo(same);
            assertThat(same.estimate()).isEqualTo(redis.pfcount("plain"));
        }
    }

    @Test
    void flushesInAnyPartsMakeTheSame() {
        Random random = new Random(7);
        Map<String, Set<String>> byPage = new HashMap<>();
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            List<Sent> events =
                    IntStream.range(0, random.nextInt(3_000))
                            .mapToObj(
                                    any ->
                                            new Sent(
                                                    "/p" + random.nextInt(3),
                                                    "u" + random.nextInt(9_000)))
                            .toList();
            flush(events);
            for (Sent event : events) {
                all.add(event.user());
                byPage.computeIfAbsent(event.page(), any -> new HashSet<>()).add(event.user());
            }
        }
        WholeBuckets buckets = new WholeBuckets(redis);
        assertThat(buckets.estimate(bucket("users"))).isEqualTo(HyperLogLog.of(all));
        assertThat(redis.pfcount(bucket("users")))
                .isEqualTo(HyperLogLog.of(all).estimate())
                .isBetween((long) (all.size() * 0.97), (long) (all.size() * 1.03));
        Map<String, HyperLogLog> logs = new HashMap<>();
        byPage.forEach((page, users) -> logs.put(page, HyperLogLog.of(users)));
        assertThat(buckets.groupEstimates(bucket("users_of"))).isEqualTo(logs);
        assertThat(buckets.isPacked(bucket("users"))).isFalse();
        assertThat(redis.strlen(bucket("users"))).isLessThan(13_000);
        assertThat(redis.ttl(bucket("users"))).isPositive();
        assertThat(redis.ttl(bucket("users_of").replace(":", ":/p0:"))).isPositive();
    }

    @Test
    void aGroupIsMarkedByTheFlushThatChangedIt() {
        flush(List.of(new Sent("/a", "u1"), new Sent("/b", "u1")));
        flush(List.of(new Sent("/a", "u1"), new Sent("/b", "u2")));
        assertThat(redis.zscore(bucket("users_of"), "/a")).isEqualTo(1);
        assertThat(redis.zscore(bucket("users_of"), "/b")).isEqualTo(2);
    }

    @Test
    void groupsBeyondTheLimitAreTogether() {
        flush(List.of(new Sent("/a", "u1"), new Sent("/b", "u1"), new Sent("/c", "u1")));
        flush(List.of(new Sent("/d", "u1"), new Sent("/e", "u2"), new Sent("/a", "u3")));
        flush(List.of(new Sent("/f", "u3")));
        assertThat(new WholeBuckets(redis).groupEstimates(bucket("users_of")))
                .isEqualTo(
                        Map.of(
                                "/a",
                                HyperLogLog.of(List.of("u1", "u3")),
                                "/b",
                                HyperLogLog.of(List.of("u1")),
                                "/c",
                                HyperLogLog.of(List.of("u1")),
                                GroupKey.OTHER,
                                HyperLogLog.of(List.of("u1", "u2", "u3"))));
    }

    @Test
    void purgeTakesTheGroupsToo() {
        flush(List.of(new Sent("/a", "u1"), new Sent("/b", "u1")));
        assertThat(STATE.store().survey().foreign()).isFalse();
        STATE.store().purge(at.toEpochMilli() + Duration.ofDays(1).toMillis());
        assertThat(redis.keys("users*")).isEmpty();
    }
}
