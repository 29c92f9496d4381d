package dev.millrace.api.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.testing.TestServers;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** How long a tick takes when a metric has 30,000 groups. Run with -Dtest.excluded.groups=none. */
@Tag("bench")
class TickBench {
    private static final int GROUPS = 30_000;
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Random RANDOM = new Random(1);
    private static final Instant NOW = Instant.parse("2026-11-21T10:42:31Z");

    private static Plan plan(String metrics) {
        return ManifestReader.parse(
                "bench",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: bench}
                spec:
                  streams:
                    - name: events
                      fields: {at: {type: timestamp}, page: {type: string}, user: {type: string}}
                      time: at
                  metrics:
                    - %s
                """
                        .formatted(metrics));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a few groups change  | 100
                    all groups change    | 30000
                    """)
    void countByGroup(String what, int changed) throws Exception {
        Plan plan = plan("{name: views, measure: count, by: page, window: 15m}");
        try (StateWriter writer = new StateWriter(plan, TestServers.redis().url())) {
            writer.begin("era");
            for (int minute = 0; minute < 30; minute++) {
                zadd(writer, "views", NOW.minus(Duration.ofMinutes(minute)), GROUPS);
            }
            measure(
                    plan,
                    writer,
                    "count by, 30 buckets of %d groups, %s".formatted(GROUPS, what),
                    () -> zadd(writer, "views", NOW, changed));
        }
    }

    private static void zadd(StateWriter writer, String metric, Instant time, int groups) {
        String key = metric + ":" + bucketStamp(time);
        for (int first = 0; first < groups; first += 5_000) {
            @SuppressWarnings({"unchecked", "rawtypes"})
            ScoredValue<String>[] values =
                    IntStream.range(first, Math.min(groups, first + 5_000))
                            .mapToObj(i -> ScoredValue.just(RANDOM.nextInt(1_000), "/page/" + i))
                            .toArray(ScoredValue[]::new);
            writer.redis().zadd(key, values);
        }
        long sequence = writer.redis().hincrby(writer.keys().meta(), "sequence", 1);
        writer.redis().zadd(writer.keys().changes(), sequence, key);
    }

    private static String bucketStamp(Instant time) {
        return Granularity.MINUTE.stamp(time.toEpochMilli());
    }

    @Test
    void uniqueByGroup() throws Exception {
        Plan plan = plan("{name: pages, measure: unique, of: page, by: user, window: 5m}");
        var metric = plan.measures().findFirst().orElseThrow();
        try (StateWriter writer = new StateWriter(plan, TestServers.redis().url())) {
            writer.begin("era");
            var async = writer.async();
            RedisFuture<?> last = null;
            for (int minute = 0; minute < 10; minute++) {
                String key = "pages:" + bucketStamp(NOW.minus(Duration.ofMinutes(minute)));
                for (int user = 0; user < GROUPS / 10; user++) {
                    async.sadd(
                            StateKeys.groupSet(metric, key, "user-" + user),
                            "/" + user % 7,
                            "/" + minute,
                            "/x" + user);
                    last = async.zadd(key, 3, "user-" + user);
                }
            }
            last.get();
            int[] next = {0};
            measure(
                    plan,
                    writer,
                    "unique by, 10 buckets of %d groups, 100 change".formatted(GROUPS / 10),
                    () -> {
                        String key = "pages:" + bucketStamp(NOW);
                        for (int i = 0; i < 100; i++) {
                            String set = StateKeys.groupSet(metric, key, "user-" + i);
                            writer.redis().sadd(set, "/new" + next[0]);
                            writer.redis().zincrby(key, 1, "user-" + i);
                        }
                        next[0]++;
                        long sequence = writer.redis().hincrby(writer.keys().meta(), "sequence", 1);
                        writer.redis().zadd(writer.keys().changes(), sequence, key);
                    });
        }
    }

    private static void measure(Plan plan, StateWriter writer, String what, Runnable change)
            throws Exception {
        LettuceConnectionFactory factory =
                new LettuceConnectionFactory(
                        new RedisStandaloneConfiguration(
                                TestServers.redis().host(), TestServers.redis().port()));
        factory.afterPropertiesSet();
        factory.start();
        try (StateConnection connection = StateConnection.open(factory, Duration.ofSeconds(20))) {
            StateReader reader = new StateReader(plan);
            long begin = System.nanoTime();
            reader.read(connection, NOW);
            double first = (System.nanoTime() - begin) / 1e6;
            double[] ticks = new double[60];
            double[] idle = new double[60];
            double[] processor = new double[60];
            for (int i = 0; i < ticks.length; i++) {
                change.run();
                begin = System.nanoTime();
                long used = PROCESS.getProcessCpuTime();
                reader.read(connection, NOW);
                ticks[i] = (System.nanoTime() - begin) / 1e6;
                processor[i] = (PROCESS.getProcessCpuTime() - used) / 1e6;
                begin = System.nanoTime();
                reader.read(connection, NOW);
                idle[i] = (System.nanoTime() - begin) / 1e6;
            }
            Arrays.sort(ticks, 20, ticks.length);
            Arrays.sort(idle, 20, idle.length);
            Arrays.sort(processor, 20, processor.length);
            System.out.printf(
                    "%s: first %.0f ms, then median %.1f ms (%.1f ms of processor time), 95%% %.1f ms; without change %.1f ms%n",
                    what, first, ticks[40], processor[40], ticks[58], idle[40]);
            assertThat(ticks[40]).as("median tick in ms").isLessThan(250);
        } finally {
            factory.destroy();
        }
    }
}
