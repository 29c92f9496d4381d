package dev.millrace.api.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.history.BucketSource.Head;
import dev.millrace.api.history.BucketSource.Position;
import dev.millrace.api.history.RedisModel.Event;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.HyperLogLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Writers of history against a model that knows every event: partitions are flushed at random,
 * Redis goes back, is wiped or loses events for good, two writers take turns and die before or
 * after any write, or before it arrives. In the end history is what the log says. {@code
 * -Dmillrace.seed} repeats a run, {@code -Dmillrace.history.runs} makes more of them.
 */
class RollupsModelTest {
    private static final long BEGIN = Instant.parse("2026-11-21T08:00:00Z").toEpochMilli();
    private static final int FEW = 20;
    private static final Integer MORE = Integer.getInteger("millrace.history.runs");
    private static final int MINUTES = 170;
    private static final int PARTITIONS = 2;

    /** Runs that found something. */
    private static final long[] KEPT = {6684944522955984840L};

    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: shop}
                    spec:
                      streams:
                        - {name: orders, fields: {at: {type: timestamp}, page: {type: string}, price: {type: integer}}, time: at}
                      metrics:
                        - {name: orders, measure: count, windows: [2h, all]}
                        - {name: by_page, measure: count, by: page, window: 2h}
                        - {name: price, measure: average, of: price, window: 2h}
                        - {name: highest, measure: max, of: price, windows: [2h, 1d]}
                        - {name: pages, measure: unique, of: page, window: 2h}
                        - {name: about_pages, measure: unique, approximate: true, of: page, window: 2h}
                    """);

    static LongStream seeds() {
        Long one = Long.getLong("millrace.seed");
        return one != null
                ? LongStream.of(one)
                : LongStream.concat(
                        Arrays.stream(KEPT),
                        MORE == null ? new Random(FEW).longs(FEW) : new Random().longs(MORE));
    }

    private static final class DiesHere extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What some events come to, by plain means. */
    private static Rollup rollup(MeasurePlan metric, List<Event> events) {
        return switch (metric.name()) {
            case "orders" -> Rollup.of(new Tally.Total(events.size()));
            case "by_page" -> {
                Map<String, Tally> groups = new HashMap<>();
                events.forEach(
                        event -> groups.merge(event.page(), new Tally.Total(1), Tally::plus));
                yield Rollup.of(new Tally.Total(events.size()), groups);
            }
            case "price" ->
                    Rollup.of(
                            new Tally.Average(
                                    events.stream().mapToLong(Event::price).sum(), events.size()));
            case "highest" ->
                    Rollup.of(
                            new Tally.Extreme(
                                    true,
                                    events.stream().mapToLong(Event::price).max().orElseThrow()));
            case "about_pages" ->
                    Rollup.of(
                            new Tally.Estimate(
                                    HyperLogLog.of(events.stream().map(Event::page).toList())));
            default -> {
                Tally.Unique pages =
                        new Tally.Unique(
                                events.stream().map(Event::page).distinct().count(),
                                Tally.Unique.empty(Tally.Unique.WHOLE));
                events.forEach(event -> pages.sketch().update(event.page()));
                yield Rollup.of(pages);
            }
        };
    }

    /** Keeps documents as Mongo does, and lets writers die before, within and after a write. */
    private static final class Memory implements Archive {
        private final long seed;
        private final Random random;
        private final Map<Bucket, Entry> kept = new HashMap<>();
        private final Set<Bucket> current = new HashSet<>();
        private Progress progress = Progress.first(7);
        private String holder;
        private Instant until = Instant.MIN;
        private boolean deadly;
        private final List<List<Entry>> late = new ArrayList<>();

        Memory(long seed) {
            this.seed = seed;
            this.random = new Random(seed + 1);
        }

        private void mayDie() {
            if (deadly && random.nextInt(25) == 0) {
                throw new DiesHere();
            }
        }

        @Override
        public Progress acquire(String who, Instant now, Duration lease) {
            mayDie();
            if (!who.equals(holder) && until.isAfter(now)) {
                return null;
            }
            holder = who;
            until = now.plus(lease);
            return progress;
        }

        @Override
        public boolean save(String who, long epoch, Progress next) {
            mayDie();
            if (!who.equals(holder) || progress.epoch() != epoch) {
                return false;
            }
            progress = next;
            mayDie();
            return true;
        }

        @Override
        public void write(List<Entry> entries) {
            mayDie();
            if (deadly && random.nextInt(25) == 0) {
                late.add(List.copyOf(entries));
                throw new DiesHere();
            }
            for (Entry entry : entries) {
                if (isNewer(entry)) {
                    assertNothingIsTakenAway(kept.get(entry.bucket()), entry);
                    kept.put(entry.bucket(), entry);
                }
                mayDie();
            }
        }

        private boolean isNewer(Entry entry) {
            Entry there = kept.get(entry.bucket());
            return there == null
                    || there.version() < entry.version()
                            && there.version() >= entry.atLeast()
                            && (entry.parts() == 0 || there.parts() <= entry.parts());
        }

        /** Writes arrive whose writers have long given up. */
        void arrive() {
            late.forEach(
                    entries ->
                            entries.stream()
                                    .filter(this::isNewer)
                                    .forEach(entry -> kept.put(entry.bucket(), entry)));
            late.clear();
        }

        private void assertNothingIsTakenAway(Entry before, Entry after) {
            // what was counted again in part, and then once more, may be less for a while
            boolean was = before != null && current.contains(after.bucket());
            if (progress.caughtUp()) {
                current.add(after.bucket());
            } else if (!was) {
                current.remove(after.bucket());
            }
            if (was
                    && after.rollup().all() instanceof Tally.Total now
                    && after.bucket().granularity() == Granularity.MINUTE) {
                long then = ((Tally.Total) before.rollup().all()).number();
                assertThat(now.number()).as("seed " + seed).isGreaterThanOrEqualTo(then);
            }
        }

        @Override
        public Map<Bucket, Rollup> read(Collection<Bucket> buckets) {
            mayDie();
            Map<Bucket, Rollup> read = new HashMap<>();
            buckets.forEach(
                    bucket -> {
                        if (kept.containsKey(bucket)) {
                            read.put(bucket, kept.get(bucket).rollup());
                        }
                    });
            return read;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void historyIsWhatTheLogSaysWhateverHappens(long seed) throws InterruptedException {
        Random random = new Random(seed);
        List<Event> log = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            // in about the order of time, some late
            long minute = Math.max(0, i * MINUTES / 1_500 - random.nextInt(3));
            log.add(
                    new Event(
                            random.nextInt(PARTITIONS),
                            BEGIN + minute * 60_000 + random.nextInt(60_000),
                            "/" + random.nextInt(20),
                            random.nextInt(1_000)));
        }
        RedisModel redis = new RedisModel(PLAN, PARTITIONS, log, RollupsModelTest::rollup, random);
        Memory memory = new Memory(seed);
        Duration lease = Duration.ofSeconds(30);
        Rollups[] writers = {
            new Rollups(PLAN, memory, "a", lease), new Rollups(PLAN, memory, "b", lease)
        };
        Instant now = Instant.ofEpochMilli(BEGIN);
        memory.deadly = true;
        while (!redis.isDone()) {
            now = Instant.ofEpochMilli(redis.next()).plusMillis(random.nextInt(500));
            redis.flush(random.nextInt(PARTITIONS), 1 + random.nextInt(20));
            switch (random.nextInt(60)) {
                case 0 -> redis.goBack(1 + random.nextInt(random.nextBoolean() ? 4 : 40));
                case 1 -> redis.take(random.nextInt(PARTITIONS));
                case 2 -> redis.wipe(random.nextBoolean() ? 0 : redis.sequence());
                case 3 -> memory.arrive();
                case 4 -> memory.until = Instant.MIN;
                default -> {}
            }
            for (Rollups writer : writers) {
                for (int step = random.nextInt(4); step > 0; step--) {
                    try {
                        writer.step(redis, now);
                    } catch (DiesHere e) {
                        writer.forget();
                    }
                }
            }
        }
        memory.deadly = false;
        memory.until = Instant.MIN;
        if (random.nextBoolean()) {
            memory.arrive();
        }
        finish(writers[random.nextInt(2)], redis, now);
        memory.arrive();

        assertKept(memory, log, Map.of());

        // events are gone for good: what was closed keeps its numbers, also after partitions move
        Map<Bucket, Rollup> before = new HashMap<>();
        memory.kept.forEach((bucket, entry) -> before.put(bucket, entry.rollup()));
        redis.wipe(0);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int one = partition;
            redis.drop(
                    partition,
                    (int)
                            log.subList(0, 1_300).stream()
                                    .filter(event -> event.partition() == one)
                                    .count());
        }
        now = now.plusSeconds(600);
        memory.until = Instant.MIN;
        Rollups after = writers[random.nextInt(2)];
        while (!redis.isDone()) {
            redis.flush(random.nextInt(PARTITIONS), 1 + random.nextInt(60));
            if (random.nextInt(3) == 0) {
                redis.take(random.nextInt(PARTITIONS));
            }
            after.step(redis, now);
        }
        finish(after, redis, now);
        redis.take(0);
        finish(after, redis, now);
        assertKept(memory, log, before);
    }

    @Test
    void aRoundEndsThoughEventsComeWithoutPause() throws InterruptedException {
        List<Event> log = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            log.add(new Event(0, BEGIN + i * 1_000, "/", 1));
        }
        RedisModel redis = new RedisModel(PLAN, 1, log, RollupsModelTest::rollup, new Random(0));
        Memory memory = new Memory(0);
        Rollups writer = new Rollups(PLAN, memory, "a", Duration.ofSeconds(30));
        int rounds = 0;
        for (int i = 0; i < 200; i++) {
            redis.flush(0, 1);
            Instant now = Instant.ofEpochMilli(BEGIN + i * 1_000);
            rounds += writer.step(redis, now).isMore() ? 0 : 1;
        }
        assertThat(rounds).isGreaterThan(20);
        assertThat(memory.progress.asOf()).isGreaterThan(BEGIN + 180_000);
    }

    @Test
    void whatWentBackAndOnBeforeItsEraChangedTakesNothingAway() throws InterruptedException {
        List<Event> log = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            log.add(new Event(i % 2, BEGIN + i * 900, "/", 1));
        }
        RedisModel redis = new RedisModel(PLAN, 2, log, RollupsModelTest::rollup, new Random(0));
        Memory memory = new Memory(0);
        Rollups writer = new Rollups(PLAN, memory, "a", Duration.ofSeconds(30));
        Instant now = Instant.ofEpochMilli(BEGIN + 54_000);
        redis.flush(0, 10);
        redis.flush(1, 20);
        finish(writer, redis, now);
        Bucket minute = orders(Granularity.MINUTE, BEGIN);
        assertThat(memory.kept.get(minute).rollup().all()).isEqualTo(new Tally.Total(30));

        // the second flush is undone, and the processor of the first partition goes on unaware
        redis.goBack(1);
        redis.flush(0, 5);
        redis.flush(0, 5);
        redis.flush(0, 5);
        assertThat(redis.sequence()).isGreaterThan(memory.progress.done());
        assertThat(redis.head(0).era()).isEqualTo(memory.progress.era());
        finish(writer, redis, now);
        assertThat(memory.kept.get(minute).rollup().all()).isEqualTo(new Tally.Total(30));

        redis.flush(1, 30);
        finish(writer, redis, now);
        assertThat(memory.kept.get(minute).rollup().all()).isEqualTo(new Tally.Total(55));
    }

    @Test
    void aTopicThatIsCountedNoMoreIsNotWaitedFor() throws InterruptedException {
        List<Event> log = List.of(new Event(0, BEGIN, "/", 1));
        RedisModel redis = new RedisModel(PLAN, 1, log, RollupsModelTest::rollup, new Random(0));
        redis.flush(0, 1);
        Memory memory = new Memory(0);
        Head former =
                new Head(
                        null,
                        null,
                        1,
                        Map.of("removed:0", new Position(5, 0)),
                        0,
                        5,
                        0,
                        0,
                        List.of());
        memory.progress = Progress.first(7).at(former);
        finish(
                new Rollups(PLAN, memory, "a", Duration.ofSeconds(30)),
                redis,
                Instant.ofEpochMilli(BEGIN));
        assertThat(memory.progress.caughtUp()).isTrue();
        assertThat(memory.progress.asOf()).isEqualTo(BEGIN);
    }

    private static Bucket orders(Granularity granularity, long start) {
        return new Bucket((MeasurePlan) PLAN.metric("orders").orElseThrow(), granularity, start);
    }

    private static void finish(Rollups writer, RedisModel redis, Instant now)
            throws InterruptedException {
        int steps = 0;
        // the first round may have begun before the last flush
        for (int round = 0; round < 2; round++) {
            while (writer.step(redis, now).isMore()) {
                assertThat(++steps).isLessThan(10_000);
            }
        }
        assertThat(writer.pending()).isZero();
    }

    /**
     * Every minute, hour and day against the log; the total since the start too, if nothing is
     * lost.
     */
    private static void assertKept(Memory memory, List<Event> log, Map<Bucket, Rollup> before) {
        PLAN.measures()
                .forEach(
                        metric -> {
                            for (Granularity granularity :
                                    List.of(
                                            Granularity.MINUTE,
                                            Granularity.HOUR,
                                            Granularity.DAY)) {
                                Map<Long, List<Event>> byStart = new TreeMap<>();
                                log.forEach(
                                        event ->
                                                byStart.computeIfAbsent(
                                                                granularity.start(event.time()),
                                                                _ -> new ArrayList<>())
                                                        .add(event));
                                byStart.forEach(
                                        (start, events) ->
                                                assertEqual(
                                                        metric,
                                                        new Bucket(metric, granularity, start),
                                                        memory,
                                                        rollup(metric, events)));
                            }
                        });
        if (before.isEmpty()) {
            Bucket all = orders(Granularity.ALL, 0);
            assertEqual(all.metric(), all, memory, rollup(all.metric(), log));
        }
    }

    private static void assertEqual(
            MeasurePlan metric, Bucket bucket, Memory memory, Rollup expected) {
        Archive.Entry kept = memory.kept.get(bucket);
        String what =
                "seed "
                        + memory.seed
                        + ": "
                        + metric.name()
                        + " of "
                        + bucket.granularity().stamp(bucket.start());
        assertThat(kept).as(what).isNotNull();
        Rollup actual = kept.rollup();
        if (actual.all() instanceof Tally.Unique unique && unique.isEstimated()) {
            // small sets are as good as exact in a sketch
            assertThat(unique.value(0)).as(what).isEqualTo(expected.all().value(0));
            return;
        }
        assertThat(value(actual.all())).as(what).isEqualTo(value(expected.all()));
        assertThat(actual.groups()).as(what).isEqualTo(expected.groups());
    }

    private static Object value(Tally tally) {
        return tally instanceof Tally.Unique unique ? unique.exact() : tally;
    }
}
