package dev.millrace.api.state;

import dev.millrace.api.history.History;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.audit.recount.Added;
import dev.millrace.audit.recount.AddedRecount;
import dev.millrace.audit.recount.Bucket;
import dev.millrace.audit.recount.BucketRecount;
import dev.millrace.audit.recount.Contents;
import dev.millrace.audit.recount.RecountLimits;
import dev.millrace.audit.recount.TooMuchException;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Windows for who has read nothing of Redis: counted from the records alone, where there are not
 * too many of them. Else history gives those minutes, hours and days to which nothing has come
 * since it was written, and only the others are counted from the records.
 */
final class RecountedStart {
    private final Plan plan;
    private final History history;
    private final BucketRecount recount;
    private final AddedRecount added;
    private final RecountSettings settings;

    /** What has turned out to be too much to count from the records alone. */
    private final Set<String> tooMuch = new HashSet<>();

    /** What is begun with: the same for all streams. */
    private record Begin(
            AuditedWindows windows,
            History.State past,
            Map<String, Long> whole,
            Map<String, Long> to,
            long deadline,
            Map<String, Added> since) {
        /** Whether history stands for just what it stands for at least. */
        boolean isExact(String topic) {
            return past.positions().entrySet().stream()
                    .filter(one -> isOf(topic, one.getKey()))
                    .allMatch(
                            one ->
                                    one.getValue().offset()
                                            == whole.getOrDefault(one.getKey(), -1L));
        }

        /** How many were recorded since some positions, at most. */
        long recordedSince(Map<String, Long> from) {
            return to.entrySet().stream()
                    .mapToLong(one -> one.getValue() - from.getOrDefault(one.getKey(), 0L))
                    .sum();
        }

        Map<String, Long> to(String topic) {
            Map<String, Long> own = new HashMap<>(to);
            own.keySet().removeIf(partition -> !isOf(topic, partition));
            return own;
        }
    }

    RecountedStart(
            Plan plan,
            History history,
            BucketRecount recount,
            AddedRecount added,
            RecountSettings settings) {
        this.plan = plan;
        this.history = history;
        this.recount = recount;
        this.added = added;
        this.settings = settings;
    }

    /**
     * Makes them.
     *
     * @param known the last numbers, of which the windows are no part
     * @param to how far each partition is recorded, by {@code TOPIC:PARTITION}
     * @param upTo no event of a later time moves the windows on
     * @return empty while the records do not go as far as what is known
     * @throws TooMuchException where it takes more than it may
     */
    Optional<AuditedWindows> windows(Snapshot known, Map<String, Long> to, long upTo, long deadline)
            throws TooMuchException {
        History.State past = history.obstacle().isPresent() ? null : history.state().orElse(null);
        Map<String, Long> whole = new HashMap<>();
        if (past != null) {
            past.whole().forEach((partition, at) -> whole.put(partition, at.offset()));
        }
        if (isBehind(known, past, to)) {
            return Optional.empty();
        }
        long time = isCounted(known) ? known.now().toEpochMilli() : 0;
        time = past == null ? time : Math.max(time, past.clock());
        for (StreamPlan stream : plan.counted()) {
            time = Math.max(time, Math.min(recount.newest(stream).orElse(0), upTo));
        }
        if (time == 0) {
            return Optional.empty();
        }
        AuditedWindows windows = new AuditedWindows(plan, known);
        windows.moveTo(time);
        Begin begin = new Begin(windows, past, whole, to, deadline, new HashMap<>());
        if (isCounted(known)) {
            total(known, begin);
        } else if (past != null) {
            total(begin);
        }
        for (StreamPlan stream : plan.counted()) {
            begin(stream, begin);
        }
        to.forEach((partition, offset) -> windows.reach(partition, offset, null));
        return Optional.of(windows);
    }

    private static boolean isCounted(Snapshot known) {
        return known.condition().state() != State.waiting && known.now() != null;
    }

    private boolean isBehind(Snapshot known, History.State past, Map<String, Long> to) {
        Map<String, Long> least = new HashMap<>();
        known.positions()
                .forEach(one -> least.put(one.topic() + ":" + one.partition(), one.offset()));
        if (past != null) {
            past.positions()
                    .forEach((partition, at) -> least.merge(partition, at.offset(), Math::max));
        }
        return plan.counted().stream()
                .map(stream -> stream.topic().name())
                .anyMatch(
                        topic ->
                                least.entrySet().stream()
                                        .filter(one -> isOf(topic, one.getKey()))
                                        .anyMatch(
                                                one ->
                                                        to.getOrDefault(one.getKey(), 0L)
                                                                < one.getValue()));
    }

    private static boolean isOf(String topic, String partition) {
        return partition.substring(0, partition.lastIndexOf(':')).equals(topic);
    }

    private void begin(StreamPlan stream, Begin begin) throws TooMuchException {
        List<MeasurePlan> metrics = begin.windows().metrics(stream.name());
        if (metrics.isEmpty()) {
            return;
        }
        Set<Bucket> bounded = new HashSet<>();
        Set<Bucket> unbounded = new HashSet<>();
        for (MeasurePlan metric : metrics) {
            bounded.addAll(begin.windows().buckets(metric, false).keySet());
            unbounded.addAll(begin.windows().buckets(metric, true).keySet());
        }
        unbounded.removeAll(bounded);
        boolean whole = plan.audit().retention() == null;
        Set<Bucket> all = new HashSet<>(unbounded);
        all.addAll(bounded);
        if (whole
                && !unbounded.isEmpty()
                && !isTooMuch(stream, all)
                && countsAlone(stream, all, begin)) {
            return;
        }
        if (!bounded.isEmpty()
                && (isTooMuch(stream, bounded)
                        || bounded.stream().anyMatch(this::isGone)
                        || !countsAlone(stream, bounded, begin))) {
            rollUp(stream, bounded, begin);
        }
        if (!unbounded.isEmpty()) {
            addUp(stream, unbounded, begin);
        }
    }

    /** Whether some of its records may be removed already. */
    private boolean isGone(Bucket bucket) {
        return isGone(bucket.start());
    }

    private boolean isGone(long time) {
        Duration kept = plan.audit().retention();
        return kept != null && time < System.currentTimeMillis() - kept.toMillis();
    }

    private boolean isTooMuch(StreamPlan stream, Set<Bucket> buckets) {
        return tooMuch.contains(name(stream, buckets))
                || recount.isTooMuch(stream, buckets, settings.records());
    }

    private RecountLimits limits(Begin begin) {
        return new RecountLimits(settings.records(), settings.entries(), begin.deadline());
    }

    private static String name(StreamPlan stream, Set<Bucket> buckets) {
        return stream.name() + (hasAll(buckets) ? ":all" : "");
    }

    private static boolean hasAll(Set<Bucket> buckets) {
        return buckets.stream().anyMatch(bucket -> bucket.granularity() == Granularity.ALL);
    }

    /**
     * Counts from the records alone; answers whether that was not too much.
     *
     * @throws TooMuchException where it was, and nothing else is left to try
     */
    private boolean countsAlone(StreamPlan stream, Set<Bucket> buckets, Begin begin)
            throws TooMuchException {
        try {
            recount.count(stream, buckets, begin.to(), limits(begin)).forEach(begin.windows()::set);
            return true;
        } catch (TooMuchException e) {
            if (begin.whole().isEmpty() && !hasAll(buckets)) {
                throw e;
            }
            tooMuch.add(name(stream, buckets));
            return false;
        }
    }

    /** Takes from history what has not changed since, and counts the rest. */
    private void rollUp(StreamPlan stream, Set<Bucket> buckets, Begin begin)
            throws TooMuchException {
        if (begin.whole().isEmpty()) {
            throw new TooMuchException(
                    "there are more than "
                            + settings.records()
                            + " of them, or they are not all kept, and there is no history");
        }
        begin.windows()
                .remark(
                        "there are more than "
                                + settings.records()
                                + " of them, or they are not all kept, so history has a part");
        Map<Bucket, Contents> since = since(stream, begin).buckets();
        Set<Bucket> counted = new HashSet<>(since.keySet());
        counted.retainAll(buckets);
        Set<Bucket> gone = counted.stream().filter(this::isGone).collect(Collectors.toSet());
        counted.removeAll(gone);
        begin.windows().metrics(stream.name()).forEach(metric -> tell(metric, begin.windows()));
        List<dev.millrace.api.history.Bucket> rolled =
                buckets.stream()
                        .filter(bucket -> !counted.contains(bucket))
                        .map(AuditedWindows::inHistory)
                        .toList();
        Map<dev.millrace.api.history.Bucket, Rollup> rollups = history.read(rolled);
        for (Bucket bucket : buckets) {
            if (!counted.contains(bucket)) {
                begin.windows().set(bucket, rollups.get(AuditedWindows.inHistory(bucket)));
            }
        }
        boolean isAdded = begin.isExact(stream.topic().name()) && !isGone(begin.past().asOf());
        if (isAdded) {
            gone.forEach(bucket -> begin.windows().addTo(bucket, since.get(bucket)));
        } else if (!gone.isEmpty()) {
            begin.windows().remark("what began before the oldest of them is as history has it");
        }
        if (!counted.isEmpty()) {
            recount.count(stream, counted, begin.to(), limits(begin))
                    .forEach(
                            (bucket, contents) -> {
                                // of the same kind as those of history
                                begin.windows().set(bucket, (Rollup) null);
                                begin.windows().addTo(bucket, contents);
                            });
        }
    }

    /** What history has no longer, or never had of a metric, is not known. */
    private void tell(MeasurePlan metric, AuditedWindows windows) {
        boolean isThere = history.begin(metric).isPresent();
        for (Granularity granularity : metric.granularities()) {
            Duration kept =
                    switch (granularity) {
                        case MINUTE -> plan.history().minutes();
                        case HOUR -> plan.history().hours();
                        case DAY -> plan.history().days();
                        case ALL -> null;
                    };
            if (granularity != Granularity.ALL) {
                // for ever, where it is null
                long oldest = kept == null ? 0 : windows.clock() - kept.toMillis();
                windows.knownSince(metric, granularity, isThere ? oldest : Long.MAX_VALUE);
            }
        }
    }

    /** What was recorded since history was whole. */
    private Added since(StreamPlan stream, Begin begin) throws TooMuchException {
        Added known = begin.since().get(stream.name());
        if (known == null) {
            known =
                    added.count(
                            stream,
                            begin.windows().metrics(stream.name()),
                            begin.whole(),
                            begin.to(stream.topic().name()),
                            begin.windows().wanted(),
                            limits(begin));
            begin.since().put(stream.name(), known);
        }
        return known;
    }

    /** Totals are those of Redis, and of what has come since if that is not too much. */
    private void total(Snapshot known, Begin begin) throws TooMuchException {
        Map<String, Long> from = new HashMap<>();
        known.positions()
                .forEach(one -> from.put(one.topic() + ":" + one.partition(), one.offset()));
        if (begin.recordedSince(from) > settings.records()) {
            begin.windows().remark("totals are those of when Redis was read last");
            return;
        }
        for (StreamPlan stream : plan.counted()) {
            begin.windows()
                    .total(
                            added.count(
                                    stream,
                                    List.of(),
                                    from,
                                    begin.to(stream.topic().name()),
                                    (_, _, _) -> false,
                                    limits(begin)));
        }
    }

    /** Totals are those of history, and of what has come since if that is not too much. */
    private void total(Begin begin) throws TooMuchException {
        History.State past = begin.past();
        begin.windows().total(new Totals(past.valid(), past.rejected(), past.late()));
        if (begin.whole().isEmpty() || begin.recordedSince(begin.whole()) > settings.records()) {
            begin.windows().remark("totals are those of history");
            return;
        }
        for (StreamPlan stream : plan.counted()) {
            begin.windows().total(since(stream, begin));
        }
    }

    /** The windows {@code all}: what history had, and what has come since. */
    private void addUp(StreamPlan stream, Set<Bucket> buckets, Begin begin)
            throws TooMuchException {
        boolean known = begin.past() != null && !begin.whole().isEmpty();
        if (!known) {
            buckets.forEach(
                    bucket -> {
                        begin.windows().set(bucket, (Rollup) null);
                        begin.windows().knownSince(bucket.metric(), Granularity.ALL, 0);
                        begin.windows().keepStill(bucket.metric());
                        begin.windows().remark("windows over all time take more of them");
                    });
            return;
        }
        Map<dev.millrace.api.history.Bucket, Rollup> rollups =
                history.read(buckets.stream().map(AuditedWindows::inHistory).toList());
        boolean exact = begin.isExact(stream.topic().name());
        Added more = exact ? since(stream, begin) : null;
        for (Bucket bucket : buckets) {
            begin.windows().set(bucket, rollups.get(AuditedWindows.inHistory(bucket)));
            if (!exact) {
                begin.windows().keepStill(bucket.metric());
                begin.windows().remark("windows over all time are those of history");
            } else if (more.buckets().containsKey(bucket)) {
                begin.windows().addTo(bucket, more.buckets().get(bucket));
            }
        }
    }
}
