package dev.millrace.api.history;

import dev.millrace.api.history.Archive.Entry;
import dev.millrace.api.history.BucketSource.Head;
import dev.millrace.api.history.BucketSource.Position;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.Window;
import dev.millrace.pipeline.resource.Clock;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes history in steps of bounded size. Whatever fails, in whatever order several writers come,
 * doing it again gives the same: a rollup has the version of the state that it was read from, and
 * never replaces one of a higher version. For one thread.
 */
public final class Rollups {
    /** Flushes that an epoch may have, as a power of 2: 60 years of 30 a second. */
    private static final int SEQUENCE_BITS = 36;

    /** Buckets that go so soon may be gone in part. */
    private static final Duration GOING = Duration.ofMinutes(5);

    private static final int BUCKETS_AT_ONCE = 64;
    private static final int SUMS_AT_ONCE = 8;

    private final Plan plan;
    private final Archive archive;
    private final String holder;
    private final Duration lease;
    private final int groups;
    private final Set<String> topics;
    private final Map<String, Keeping> keepings = new HashMap<>();
    private final Set<Bucket> pending = new LinkedHashSet<>();
    private final Set<Bucket> hours = new LinkedHashSet<>();
    private final Set<Bucket> days = new LinkedHashSet<>();
    private Progress progress;
    private long seen;
    private Head round;
    private Instant roundTime;

    /**
     * How long Redis keeps a metric's buckets, in milliseconds.
     *
     * @param lateness of its stream
     * @param longest window by the size of its buckets
     */
    private record Keeping(long lateness, Map<Granularity, Long> longest) {
        static Keeping of(MeasurePlan metric, Plan plan) {
            Map<Granularity, Long> longest = new EnumMap<>(Granularity.class);
            for (Window window : metric.windows()) {
                if (!window.isAll()) {
                    longest.merge(window.granularity(), window.length().toMillis(), Math::max);
                }
            }
            return new Keeping(
                    plan.stream(metric.stream()).orElseThrow().lateness().toMillis(), longest);
        }
    }

    /**
     * What a step came to.
     *
     * @param isMore whether there is more to do at once
     * @param written rollups given to the archive
     * @param obstacle why nothing is written; {@code null} where it is
     */
    public record Step(boolean isMore, List<Entry> written, String obstacle) {
        static Step waiting(String obstacle) {
            return new Step(false, List.of(), obstacle);
        }

        static Step of(boolean more) {
            return new Step(more, List.of(), null);
        }
    }

    /**
     * A writer that has not begun.
     *
     * @param holder a name that no other writer has
     * @param lease how long others keep away after its last step
     */
    Rollups(Plan plan, Archive archive, String holder, Duration lease) {
        this(plan, archive, holder, lease, plan.history().groups());
    }

    /**
     * The same.
     *
     * @param groups how many groups of each bucket are kept, the highest ones
     */
    public Rollups(Plan plan, Archive archive, String holder, Duration lease, int groups) {
        this.groups = groups;
        this.plan = plan;
        this.archive = archive;
        this.holder = holder;
        this.lease = lease;
        this.topics =
                plan.counted().stream()
                        .map(stream -> stream.topic().name())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** What is known to be left to do. */
    public int pending() {
        return pending.size() + hours.size() + days.size();
    }

    /** How far history is written; {@code null} where this writer does not know. */
    public Progress progress() {
        return progress;
    }

    /** Forgets what it was doing; the next step goes on from what the archive knows. */
    public void forget() {
        progress = null;
        clear();
    }

    private void clear() {
        pending.clear();
        hours.clear();
        days.clear();
        seen = 0;
        round = null;
    }

    /** Does a bounded part of what is to be done. */
    public Step step(BucketSource source, Instant time) throws InterruptedException {
        // before the lease: while a changed manifest is counted, instances of the former one write
        Head head = source.head(progress == null || round != null ? Long.MAX_VALUE : seen);
        if (!plan.fingerprint().equals(head.fingerprint())) {
            forget();
            return Step.waiting(
                    head.fingerprint() == null
                            ? "nothing has been counted yet"
                            : "the numbers are being recounted, for the pipeline has changed");
        }
        Progress known = archive.acquire(holder, time, lease);
        if (known == null) {
            forget();
            return Step.waiting("another replica writes it");
        }
        if (progress == null || progress.epoch() != known.epoch()) {
            clear();
            seen = known.done();
            head = source.head(seen);
        } else if (known.isAheadOf(head)) {
            // perhaps another has had the lease in the meantime, and has seen a newer head
            head = source.head(round != null ? Long.MAX_VALUE : seen);
        }
        // another may have had the lease since, and may have completed this epoch
        progress = known;
        // it may have gone back, and on again, before the processor takes what is behind: then the
        // era is still the same
        if (!Objects.equals(progress.era(), head.era())
                || head.sequence() < seen
                || progress.isAheadOf(head)) {
            long clock = plan.clock() == Clock.wall ? time.toEpochMilli() : progress.now();
            return begin(progress.next(head.era(), clock));
        }
        if (!progress.caughtUp() && progress.isReached(head.positions(), topics)) {
            return begin(progress.caughtUp(head));
        }
        if (round == null) {
            // what changes from now on is for the next round, or else no round would ever end
            round = head;
            roundTime = time;
            seen = head.sequence();
            long clock = clock(head, time);
            head.changed().stream().filter(bucket -> isWanted(bucket, clock)).forEach(pending::add);
        }
        if (!pending.isEmpty()) {
            return copy(source, head);
        }
        if (!hours.isEmpty()) {
            return sum(hours, Granularity.MINUTE);
        }
        if (!days.isEmpty()) {
            return sum(days, Granularity.HOUR);
        }
        Progress completed =
                progress.completed(round, head, roundTime.toEpochMilli(), clock(round, roundTime));
        round = null;
        return save(completed) ? Step.of(false) : Step.of(true);
    }

    private Step begin(Progress next) {
        if (save(next)) {
            clear();
        }
        return Step.of(true);
    }

    private boolean save(Progress next) {
        boolean saved = archive.save(holder, progress.epoch(), next);
        if (saved) {
            progress = next;
        } else {
            forget();
        }
        return saved;
    }

    private long clock(Head head, Instant time) {
        return plan.clock() == Clock.wall
                ? time.toEpochMilli()
                : head.positions().values().stream().mapToLong(Position::watermark).max().orElse(0);
    }

    /** Reads buckets of Redis and keeps them. */
    private Step copy(BucketSource source, Head head) throws InterruptedException {
        List<Bucket> some = some(pending, BUCKETS_AT_ONCE);
        Map<Bucket, Rollup> read = source.read(some);
        Head after = source.head(Long.MAX_VALUE);
        if (!Objects.equals(after.era(), head.era())
                || !plan.fingerprint().equals(after.fingerprint())
                || after.sequence() < seen
                || progress.isAheadOf(after)) {
            // they may have been on their way out
            forget();
            return Step.of(true);
        }
        List<Entry> entries = new ArrayList<>();
        for (Bucket bucket : some) {
            Rollup rollup = read.get(bucket);
            if (rollup != null) {
                entries.add(new Entry(bucket, rollup.top(groups), version(), atLeast(bucket), 0));
            }
        }
        // before anything is written, so that nothing goes back behind what is
        if (progress.caughtUp()
                && !progress.positions().equals(after.positions())
                && !save(progress.at(after))) {
            return Step.of(true);
        }
        archive.write(entries);
        some.forEach(pending::remove);
        for (Entry entry : entries) {
            touch(entry.bucket());
        }
        return new Step(true, entries, null);
    }

    private void touch(Bucket bucket) {
        if (bucket.granularity() == Granularity.MINUTE && !isOwn(bucket.in(Granularity.HOUR))) {
            hours.add(bucket.in(Granularity.HOUR));
        }
        if (bucket.granularity() == Granularity.HOUR && !isOwn(bucket.in(Granularity.DAY))) {
            days.add(bucket.in(Granularity.DAY));
        }
    }

    /** Adds up what is kept of smaller buckets. */
    private Step sum(Set<Bucket> sums, Granularity smaller) {
        List<Bucket> some = some(sums, SUMS_AT_ONCE);
        List<Entry> entries = new ArrayList<>();
        for (Bucket bucket : some) {
            List<Bucket> parts = new ArrayList<>();
            for (long at = bucket.start(); at < bucket.end(); at += smaller.millis()) {
                parts.add(new Bucket(bucket.metric(), smaller, at));
            }
            Map<Bucket, Rollup> kept = archive.read(parts);
            if (!kept.isEmpty()) {
                entries.add(
                        new Entry(
                                bucket,
                                Rollup.merge(kept.values(), groups),
                                version(),
                                0,
                                kept.size()));
            }
        }
        archive.write(entries);
        some.forEach(sums::remove);
        entries.forEach(entry -> touch(entry.bucket()));
        return new Step(true, entries, null);
    }

    private static List<Bucket> some(Set<Bucket> all, int most) {
        List<Bucket> some = new ArrayList<>();
        for (Iterator<Bucket> each = all.iterator(); each.hasNext() && some.size() < most; ) {
            some.add(each.next());
        }
        return some;
    }

    private long version() {
        return first(progress.epoch()) + seen;
    }

    /** The least version of an epoch. */
    private static long first(long epoch) {
        return epoch << SEQUENCE_BITS;
    }

    /** The least version that may be replaced. */
    private long atLeast(Bucket bucket) {
        if (!progress.caughtUp()) {
            return first(progress.base());
        }
        return isClosed(bucket, progress.guardBefore()) ? first(progress.guardBase()) : 0;
    }

    private boolean isClosed(Bucket bucket, long clock) {
        return bucket.granularity() != Granularity.ALL
                && bucket.end() + lateness(bucket.metric()) < clock;
    }

    private long lateness(MeasurePlan metric) {
        return keeping(metric).lateness();
    }

    private Keeping keeping(MeasurePlan metric) {
        return keepings.computeIfAbsent(metric.name(), _ -> Keeping.of(metric, plan));
    }

    /** Whether a bucket is taken from Redis: it is complete there, and will be for a while. */
    private boolean isWanted(Bucket bucket, long clock) {
        if (bucket.metric().measure() == Measure.latest || !isOwn(bucket)) {
            return false;
        }
        if (bucket.granularity() == Granularity.ALL) {
            return true;
        }
        Keeping keeping = keeping(bucket.metric());
        long kept =
                bucket.end()
                        + 2 * keeping.longest().getOrDefault(bucket.granularity(), 0L)
                        + keeping.lateness();
        return kept + GOING.toMillis() > clock;
    }

    /**
     * Whether history takes such a bucket from Redis rather than adding up smaller ones. One that
     * was open when events were lost is more complete in these.
     */
    private boolean isOwn(Bucket bucket) {
        List<Granularity> there = bucket.metric().granularities();
        if (!there.contains(bucket.granularity())) {
            return false;
        }
        boolean torn =
                bucket.start() < progress.guardBefore()
                        && !isClosed(bucket, progress.guardBefore());
        return !torn
                || bucket.granularity() == Granularity.ALL
                || there.stream()
                        .noneMatch(other -> other.millis() < bucket.granularity().millis());
    }
}
