package dev.millrace.api.state;

import dev.millrace.api.history.Rollup;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
import dev.millrace.api.window.Snapshot.Position;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.api.window.WindowView;
import dev.millrace.audit.recount.Added;
import dev.millrace.audit.recount.AddedRecount;
import dev.millrace.audit.recount.Bucket;
import dev.millrace.audit.recount.Contents;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The windows that go on without Redis: right at some positions in Kafka, and moved on by what the
 * audit has recorded since. For one thread.
 */
final class AuditedWindows {
    private final Plan plan;
    private final PlanViews views;
    private final Map<String, MetricState> states = new LinkedHashMap<>();

    /** By {@code TOPIC:PARTITION}. */
    private final Map<String, Position> positions = new TreeMap<>();

    /** What was counted of buckets that no window has yet: of clocks that are ahead. */
    private final Map<Bucket, List<Contents>> ahead = new HashMap<>();

    /** Metrics whose window {@code all} does not move on. */
    private final Set<String> still = new HashSet<>();

    /** Since when the windows of a metric are known, in milliseconds since 1970. */
    private final Map<String, Map<Granularity, Long>> since = new HashMap<>();

    private final Set<String> remarks = new LinkedHashSet<>();
    private final Snapshot known;
    private Totals totals;
    private long clock;
    private long version;

    /**
     * Windows of nothing yet.
     *
     * @param known what is not recounted is as it is there
     */
    AuditedWindows(Plan plan, Snapshot known) {
        this.plan = plan;
        this.views = new PlanViews(plan);
        this.known = known;
        this.totals = known.totals();
        plan.measures()
                .filter(metric -> metric.measure() != Measure.latest)
                .forEach(metric -> states.put(metric.name(), new MetricState(metric)));
    }

    /** The windows of a snapshot, from what was read for it. */
    static AuditedWindows of(Plan plan, Snapshot known, Map<String, MetricState> read) {
        AuditedWindows windows = new AuditedWindows(plan, known);
        windows.states.replaceAll((name, _) -> read.get(name));
        windows.clock = known.now().toEpochMilli();
        windows.version =
                read.values().stream()
                        .flatMap(state -> state.slots().stream())
                        .mapToLong(Slot::version)
                        .max()
                        .orElse(0);
        known.positions().forEach(windows::put);
        return windows;
    }

    private void put(Position position) {
        positions.put(position.topic() + ":" + position.partition(), position);
    }

    /** The time that the windows are of, in milliseconds since 1970. */
    long clock() {
        return clock;
    }

    /** The positions at which they are right, of one topic. */
    Map<String, Long> offsets(String topic) {
        Map<String, Long> offsets = new HashMap<>();
        positions.forEach(
                (partition, position) -> {
                    if (position.topic().equals(topic)) {
                        offsets.put(partition, position.offset());
                    }
                });
        return offsets;
    }

    /** Which buckets can be in the windows, now or later. */
    AddedRecount.Wanted wanted() {
        Map<String, Long> first = new HashMap<>();
        states.forEach(
                (name, state) ->
                        state.forEach(
                                (granularity, slot) ->
                                        first.merge(
                                                name + ":" + granularity, slot.start, Math::min)));
        return (metric, granularity, start) ->
                granularity == Granularity.ALL
                        ? !still.contains(metric.name())
                        : start
                                >= first.getOrDefault(
                                        metric.name() + ":" + granularity, Long.MIN_VALUE);
    }

    /**
     * The buckets that a metric's windows need.
     *
     * @param all whether that of the window {@code all} is among them
     */
    Map<Bucket, Slot> buckets(MeasurePlan metric, boolean all) {
        Map<Bucket, Slot> buckets = new LinkedHashMap<>();
        states.get(metric.name())
                .forEach(
                        (granularity, slot) -> {
                            if (all || granularity != Granularity.ALL) {
                                buckets.put(new Bucket(metric, granularity, slot.start), slot);
                            }
                        });
        return buckets;
    }

    /** The metrics of a stream that go on. */
    List<MeasurePlan> metrics(String stream) {
        return states.values().stream()
                .map(MetricState::metric)
                .filter(metric -> metric.stream().equals(stream))
                .toList();
    }

    /** Moves the windows on; buckets that are new in them hold what was counted ahead. */
    void moveTo(long time) {
        clock = Math.max(clock, time);
        states.values().forEach(state -> state.moveTo(clock));
        for (MetricState state : states.values()) {
            Set<Granularity> sketched = sketched(state);
            state.forEach(
                    (granularity, slot) -> {
                        if (slot.bucket() == null) {
                            slot.put(
                                    sketched.contains(granularity)
                                            ? RollupBucket.bucket(
                                                    state.metric(), null, state.groups())
                                            : state.nothing(),
                                    ++version);
                            Bucket bucket = new Bucket(state.metric(), granularity, slot.start);
                            List<Contents> counted = ahead.remove(bucket);
                            if (counted != null) {
                                counted.forEach(contents -> add(state, slot, contents));
                            }
                        }
                    });
        }
        ahead.keySet().removeIf(bucket -> bucket.end() <= clock);
    }

    /** Whose buckets are sketches: new ones have to be so too, as a window adds up one kind. */
    private static Set<Granularity> sketched(MetricState state) {
        Set<Granularity> sketched = EnumSet.noneOf(Granularity.class);
        state.forEach(
                (granularity, slot) -> {
                    if (slot.bucket() instanceof dev.millrace.api.state.Bucket.Sketches) {
                        sketched.add(granularity);
                    }
                });
        return sketched;
    }

    /** A bucket is known to hold just this. */
    void set(Bucket bucket, Contents contents) {
        MetricState state = states.get(bucket.metric().name());
        Slot slot = state.slot(bucket.key());
        slot.put(state.nothing(), ++version);
        add(state, slot, contents);
    }

    /** A bucket is known to hold what a rollup does; {@code null} for nothing. */
    void set(Bucket bucket, Rollup rollup) {
        MetricState state = states.get(bucket.metric().name());
        state.slot(bucket.key())
                .put(RollupBucket.bucket(state.metric(), rollup, state.groups()), ++version);
    }

    /** To what a bucket is known to hold, more comes. */
    void addTo(Bucket bucket, Contents contents) {
        MetricState state = states.get(bucket.metric().name());
        add(state, state.slot(bucket.key()), contents);
    }

    /** Of what was in windows before a time, nothing is known. */
    void knownSince(MeasurePlan metric, Granularity granularity, long time) {
        since.computeIfAbsent(metric.name(), _ -> new HashMap<>()).put(granularity, time);
    }

    /** The window {@code all} of a metric stays as it is. */
    void keepStill(MeasurePlan metric) {
        still.add(metric.name());
    }

    /** Something that has to be said of them. */
    void remark(String text) {
        remarks.add(text);
    }

    /** What has to be said of them; {@code null} for nothing. */
    String remarks() {
        return remarks.isEmpty() ? null : String.join("; ", remarks);
    }

    /** Takes what was counted of buckets that no window has yet. */
    void addAhead(Map<Bucket, Contents> counted) {
        counted.forEach(
                (bucket, contents) ->
                        ahead.computeIfAbsent(bucket, _ -> new ArrayList<>()).add(contents));
    }

    /**
     * Moves on by what was recorded.
     *
     * @param to the positions behind it
     * @param upTo the windows are those of the highest event time, but of no later time than this
     */
    void add(Added added, Map<String, Long> to, long upTo) {
        addAhead(added.buckets());
        for (MetricState state : states.values()) {
            state.forEach(
                    (granularity, slot) -> {
                        Bucket bucket = new Bucket(state.metric(), granularity, slot.start);
                        List<Contents> counted = ahead.remove(bucket);
                        if (counted != null) {
                            counted.forEach(contents -> add(state, slot, contents));
                        }
                    });
        }
        to.forEach((partition, offset) -> reach(partition, offset, added.newest().get(partition)));
        long newest = positions.values().stream().mapToLong(Position::watermark).max().orElse(0);
        moveTo(Math.min(newest, upTo));
        total(added);
    }

    /** Totals are known. */
    void total(Totals other) {
        totals = other;
    }

    /** To the totals comes what was recorded. */
    void total(Added added) {
        long failed = added.failed().values().stream().mapToLong(Long::longValue).sum();
        Map<String, Long> causes = new LinkedHashMap<>(totals.causes());
        if (totals.invalid() == 0 || !causes.isEmpty()) {
            added.failed().forEach((cause, count) -> causes.merge(cause, count, Long::sum));
        }
        totals =
                new Totals(
                        totals.valid() + added.valid(),
                        totals.invalid() + failed,
                        totals.late() + added.failed().getOrDefault(Cause.late.name(), 0L),
                        Map.copyOf(causes));
    }

    /** They are right at a position of a partition. */
    void reach(String partition, long offset, Long watermark) {
        int colon = partition.lastIndexOf(':');
        Position before = positions.get(partition);
        put(
                new Position(
                        partition.substring(0, colon),
                        Integer.parseInt(partition.substring(colon + 1)),
                        before == null ? offset : Math.max(before.offset(), offset),
                        Math.max(
                                before == null ? 0 : before.watermark(),
                                watermark == null ? 0 : watermark)));
    }

    /** Of a bucket that holds sketches, what comes on top becomes sketches too. */
    private void add(MetricState state, Slot slot, Contents contents) {
        MeasurePlan metric = state.metric();
        ContentsBucket reader = new ContentsBucket(metric, state.groups(), state.values());
        dev.millrace.api.state.Bucket added = reader.of(contents);
        if (slot.bucket() instanceof dev.millrace.api.state.Bucket.Sketches) {
            added =
                    RollupBucket.bucket(
                            metric, RollupReader.rollup(added, metric, state), state.groups());
        }
        int other = metric.isGrouped() ? reader.other() : -1;
        BucketSum sum = new BucketSum(metric.maxGroups(), other, state.values().size());
        slot.put(sum.of(slot.bucket(), added), ++version);
    }

    /**
     * What answers are made of.
     *
     * @param last the snapshot that was answered from last
     * @param at when it is of
     */
    Snapshot snapshot(Snapshot last, Instant at) {
        List<WindowView> all =
                views.of(
                        metric ->
                                states.containsKey(metric.name())
                                        ? told(metric)
                                        : PlanViews.known(metric, known));
        return new Snapshot(
                last.version() + 1,
                at,
                Instant.ofEpochMilli(clock),
                new Condition(State.degraded, "", at),
                totals,
                all,
                List.copyOf(positions.values()),
                known.losses(),
                known.deadLetters());
    }

    private List<WindowView> told(MeasurePlan metric) {
        Map<Granularity, Long> from = since.getOrDefault(metric.name(), Map.of());
        return states.get(metric.name()).views().stream()
                .map(
                        view -> {
                            Long oldest = from.get(view.window().granularity());
                            if (oldest == null) {
                                return view;
                            }
                            return view.window().isAll()
                                    ? PlanViews.unknown(metric, view.window())
                                    : PlanViews.since(oldest, view);
                        })
                .toList();
    }

    /** What a bucket of the windows is called in history. */
    static dev.millrace.api.history.Bucket inHistory(Bucket bucket) {
        return new dev.millrace.api.history.Bucket(
                bucket.metric(), bucket.granularity(), bucket.start());
    }
}
