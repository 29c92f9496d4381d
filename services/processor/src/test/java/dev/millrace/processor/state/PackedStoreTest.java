package dev.millrace.processor.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.processor.ProcessorMeters;
import dev.millrace.testing.WholeBuckets;

import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a flush adds in large numbers is packed, and packed anew when it repeats itself. */
class PackedStoreTest {
    private static final Instant AT = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    private static final String MINUTE = Granularity.MINUTE.stamp(AT.toEpochMilli());
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: packed}
                    spec:
                      streams:
                        - name: events
                          fields: {at: {type: timestamp}, user: {type: string}, size: {type: integer}}
                          time: at
                      metrics:
                        - {name: hits, measure: count, by: user, window: 5m, maxGroups: 4}
                        - {name: sizes, measure: sum, of: size, by: user, window: all}
                        - {name: users, measure: unique, of: user, window: 5m}
                        - {name: sizes_of, measure: unique, of: size, by: user, window: 5m}
                    """);
    private static final String HITS = "hits:" + MINUTE;

    @RegisterExtension static final WrittenState STATE = new WrittenState(PLAN, 2);

    private final RedisCommands<String, String> redis = STATE.redis();
    private final WindowStore store = STATE.store();
    private final WholeBuckets buckets = new WholeBuckets(redis);

    private static FlushOutcome.Applied flush(String... users) {
        FlushOutcome outcome =
                STATE.flush(0, AT, Stream.of(users).map(PackedStoreTest::json).toList());
        assertThat(outcome).isInstanceOf(FlushOutcome.Applied.class);
        return (FlushOutcome.Applied) outcome;
    }

    private static String json(String user) {
        return "{\"at\":\"%s\",\"user\":\"%s\",\"size\":%d}".formatted(AT, user, user.length());
    }

    @Test
    void muchIsPackedAndLittleIsNot() {
        FlushOutcome.Applied applied = flush("ann", "bob", "cyd", "ann");

        assertThat(redis.keys("*:" + MINUTE + "*"))
                .containsExactlyInAnyOrder(
                        HITS + ":packed",
                        "users:" + MINUTE + ":packed",
                        "sizes_of:" + MINUTE + ":packed");
        assertThat(applied.packed())
                .containsOnlyKeys(HITS, "sizes:all", "users:" + MINUTE, "sizes_of:" + MINUTE);
        assertThat(applied.packed().get(HITS)).isEqualTo(redis.strlen(HITS + ":packed"));
        assertThat(redis.zrange("millrace:packed:changes", 0, -1))
                .containsExactlyInAnyOrder(
                        HITS, "sizes:all", "users:" + MINUTE, "sizes_of:" + MINUTE);
        assertThat(redis.ttl(HITS + ":packed")).isNotEqualTo(-1);
        assertThat(redis.ttl("sizes:all:packed")).isEqualTo(-1);

        assertThat(flush("ann", "dan").packed()).isEmpty();
        assertThat(redis.zrange(HITS, 0, -1)).containsExactlyInAnyOrder("ann", "dan");
        assertThat(buckets.totals(HITS))
                .isEqualTo(Map.of("ann", 3L, "bob", 1L, "cyd", 1L, "dan", 1L));
        assertThat(buckets.totals("sizes:all"))
                .isEqualTo(Map.of("ann", 9L, "bob", 3L, "cyd", 3L, "dan", 3L));
        assertThat(buckets.values("users:" + MINUTE)).containsOnly("ann", "bob", "cyd", "dan");
        assertThat(buckets.groupValues("sizes_of:" + MINUTE)).containsEntry("ann", Set.of("3"));
    }

    @Test
    void packedPartsAreRemovedWithTheirBuckets() {
        flush("ann", "bob", "cyd");
        flush("ann");
        while (store.purge(AT.plus(Duration.ofDays(2)).toEpochMilli())) {
            // a bounded number at a time
        }
        assertThat(redis.keys("*:" + MINUTE + "*")).isEmpty();
        assertThat(redis.zrange("millrace:packed:changes", 0, -1)).containsExactly("sizes:all");
        assertThat(store.survey().foreign()).isFalse();

        store.discard();
        assertThat(redis.keys("*")).isEmpty();
    }

    @Test
    void packedAnewEverythingIsThereOnce() {
        for (int i = 0; i < 10; i++) {
            flush("ann", "bob", "cyd");
        }
        long before = redis.strlen(HITS + ":packed");
        long ttl = redis.ttl(HITS + ":packed");

        assertThat(store.repack(HITS)).isEqualTo(redis.strlen(HITS + ":packed")).isLessThan(before);

        assertThat(buckets.totals(HITS)).isEqualTo(Map.of("ann", 10L, "bob", 10L, "cyd", 10L));
        assertThat(redis.ttl(HITS + ":packed")).isBetween(ttl - 60, ttl);
        assertThat(store.repack("users:" + MINUTE)).isPositive();
        assertThat(buckets.values("users:" + MINUTE)).containsOnly("ann", "bob", "cyd");
        assertThat(store.repack("hits:202611211007")).isZero();
    }

    @Test
    void groupsBeyondTheLimitBecomeTheOther() {
        flush("ann", "ann", "bob", "bob", "cyd", "cyd", "dan", "dan", "eve", "fay");
        store.repack(HITS);
        assertThat(buckets.totals(HITS))
                .isEqualTo(Map.of("ann", 2L, "bob", 2L, "cyd", 2L, "dan", 2L, GroupKey.OTHER, 2L));
    }

    /** A store that does something else between reading a packed part and writing it. */
    private WindowStore interrupted(Runnable between) {
        Supplier<RedisClusterAsyncCommands<byte[], byte[]>> commands =
                () -> interrupted(STATE.connection().async(), between);
        return new WindowStore(PLAN, commands, Duration.ofSeconds(20));
    }

    @SuppressWarnings("unchecked")
    private static RedisClusterAsyncCommands<byte[], byte[]> interrupted(
            RedisClusterAsyncCommands<byte[], byte[]> commands, Runnable between) {
        return (RedisClusterAsyncCommands<byte[], byte[]>)
                Proxy.newProxyInstance(
                        PackedStoreTest.class.getClassLoader(),
                        new Class<?>[] {RedisClusterAsyncCommands.class},
                        (_, method, arguments) -> {
                            try {
                                if (method.getName().equals("zadd")) {
                                    between.run();
                                }
                                return method.invoke(commands, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    @Test
    void whatIsAddedWhileItIsPackedAnewStays() {
        flush("ann", "bob", "cyd");
        flush("ann", "bob", "cyd");
        assertThat(interrupted(() -> flush("ann", "dan", "eve")).repack(HITS)).isPositive();
        assertThat(buckets.totals(HITS))
                .isEqualTo(Map.of("ann", 3L, "bob", 2L, "cyd", 2L, "dan", 1L, "eve", 1L));
    }

    @Test
    void whatIsNotAsItWasReadIsLeftAlone() {
        flush("ann", "bob", "cyd");
        flush("ann", "bob", "cyd");
        byte[] saved = redis.dump(HITS + ":packed");

        assertThat(interrupted(() -> store.repack(HITS)).repack(HITS)).as("packed anew").isZero();
        assertThat(buckets.totals(HITS)).isEqualTo(Map.of("ann", 2L, "bob", 2L, "cyd", 2L));

        assertThat(interrupted(() -> store.take(List.of(STATE.partition(0)))).repack(HITS))
                .as("taken over: the state may have gone back")
                .isZero();

        redis.del(HITS + ":packed");
        redis.restore(HITS + ":packed", 0, saved);
        assertThat(
                        interrupted(
                                        () -> {
                                            // as long as before, but it came to be in another way
                                            long length = redis.strlen(HITS + ":packed");
                                            redis.setrange(HITS + ":packed", length - 9, "\3xyz\2");
                                        })
                                .repack(HITS))
                .as("of other bytes")
                .isZero();
        assertThat(redis.keys("*:repacked:*")).as("written in vain").isEmpty();
        assertThat(redis.zrange("millrace:packed:expiries", 0, -1))
                .noneMatch(key -> key.contains("repacked"));

        redis.del(HITS + ":packed");
        redis.restore(HITS + ":packed", 0, saved);
        assertThat(interrupted(() -> redis.del(HITS + ":packed")).repack(HITS)).as("gone").isZero();
        assertThat(redis.exists(HITS + ":packed")).isZero();
    }

    @Test
    void onceItHasGrownAPartIsPackedAnewByItself() throws InterruptedException {
        ProcessorMeters meters = new ProcessorMeters(new SimpleMeterRegistry());
        try (Repacking repacking = new Repacking(store, meters, 100)) {
            for (int i = 0; i < 200; i++) {
                FlushOutcome.Applied applied = flush("ann", "bob", "cyd", "dan");
                repacking.grown(applied.packed());
                Thread.sleep(1);
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (redis.strlen(HITS + ":packed") > 300 && System.nanoTime() < deadline) {
                repacking.grown(flush("ann", "bob", "cyd", "dan").packed());
                Thread.sleep(10);
            }
            assertThat(redis.strlen(HITS + ":packed")).isLessThanOrEqualTo(300);
        }
        long each = STATE.position(0).orElseThrow().offset() / 4;
        assertThat(buckets.totals(HITS))
                .isEqualTo(Map.of("ann", each, "bob", each, "cyd", each, "dan", each));
    }
}
