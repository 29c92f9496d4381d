package dev.millrace.api.state;

import dev.millrace.api.place.Locator;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.StateKeys;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The buckets of one metric that its windows need, and nothing else, in memory. Used by one thread.
 */
final class MetricState {
    private static final int COMPACT_ABOVE = 1_024;

    private final MeasurePlan metric;
    private final List<Span> spans;
    private final Locator locator;
    private Map<String, Slot> slots = new HashMap<>();
    private Names groups = new Names(true);
    private Names values = new Names(false);
    private long now;

    MetricState(MeasurePlan metric) {
        this.metric = metric;
        this.spans = metric.windows().stream().map(window -> new Span(metric, window)).toList();
        this.locator = metric.latest() == null ? null : new Locator(metric.latest());
    }

    MeasurePlan metric() {
        return metric;
    }

    /** Finds where rows of {@code latest} are; {@code null} for other measures. */
    Locator locator() {
        return locator;
    }

    /** The groups' numbers. */
    Names groups() {
        return groups;
    }

    /** The numbers of what {@code unique} counts. */
    Names values() {
        return values;
    }

    /** The time that the windows were moved to last, in milliseconds since 1970. */
    long now() {
        return now;
    }

    /** Whether rows leave a bucket by now, without being changed. */
    boolean isLeft(Slot slot) {
        return slot.bucket() instanceof Bucket.Rows rows && rows.leaves() <= now;
    }

    /** Forgets everything that was read. */
    void reset() {
        slots = new HashMap<>();
        groups = new Names(true);
        values = new Names(false);
    }

    /** Moves the windows to a time; buckets that no window needs any more are dropped. */
    void moveTo(long now) {
        this.now = now;
        if (!slots.isEmpty() && spans.stream().noneMatch(span -> span.moves(now))) {
            return;
        }
        Map<String, Slot> old = slots;
        slots = new HashMap<>();
        for (Span span : spans) {
            span.layOut(now, start -> slot(span.granularity(), start, old));
        }
        if (!slots.keySet().containsAll(old.keySet())) {
            compact();
        }
    }

    /** Moves the windows to a time at which nothing has been counted. */
    void fillEmpty(long now) {
        moveTo(now);
        slots.values().forEach(slot -> slot.put(nothing(), 0));
    }

    /** Visits the buckets that windows need; one of several windows several times. */
    void forEach(BiConsumer<Granularity, Slot> visitor) {
        for (Span span : spans) {
            span.slots().forEach(slot -> visitor.accept(span.granularity(), slot));
        }
    }

    /** A bucket in which nothing was counted. */
    Bucket nothing() {
        boolean grouped = metric.isGrouped();
        return switch (metric.measure()) {
            case unique ->
                    metric.isApproximate()
                            ? Bucket.Registers.NONE
                            : grouped
                                    ? new Bucket.GroupedMembers(new int[0][], 0, 0)
                                    : new Bucket.Members(new int[0]);
            case average -> new Bucket.Averages(new int[0], new long[0], new long[0], 0, 0);
            case min, max ->
                    new Bucket.Extremes(
                            metric.measure() == Measure.max, new int[0], new long[0], null);
            case percentiles ->
                    new Bucket.Distributions(new int[0], new Distribution[0], new Distribution());
            case latest -> Bucket.Rows.none(metric.latest());
            case count, sum ->
                    grouped ? new Bucket.Cells(new int[0], new long[0], 0) : Bucket.Total.ZERO;
        };
    }

    private Slot slot(Granularity granularity, long start, Map<String, Slot> old) {
        return slots.computeIfAbsent(
                StateKeys.bucket(metric, granularity, start),
                key -> {
                    Slot known = old.get(key);
                    return known == null ? new Slot(key, start) : known;
                });
    }

    /** All buckets that a window needs. */
    Collection<Slot> slots() {
        return slots.values();
    }

    /** The bucket of a key; {@code null} where no window needs it. */
    Slot slot(String key) {
        return slots.get(key);
    }

    /** The metric's windows, in the plan's order. All buckets must have been read. */
    List<WindowView> views() {
        return spans.stream().map(span -> span.view(groups, values)).toList();
    }

    /** Numbers stay given for ever; when most belong to buckets of the past they are given anew. */
    private void compact() {
        int[] newGroups = renumbering(groups, this::markGroups);
        int[] newValues = renumbering(values, this::markValues);
        if (newGroups == null && newValues == null) {
            return;
        }
        groups = newGroups == null ? groups : groups.renumbered(newGroups);
        values = newValues == null ? values : values.renumbered(newValues);
        for (Slot slot : slots.values()) {
            if (slot.bucket() != null) {
                slot.put(renumber(slot.bucket(), newGroups, newValues), slot.version());
            }
            if (slot.packed() != null) {
                // With other numbers: when the bucket changes, it is read from the beginning.
                slot.pack(new PackedPart(metric, groups, values));
            }
        }
        spans.forEach(Span::forget);
    }

    private interface Marker {
        void mark(Bucket bucket, BitSet live);
    }

    /** New numbers by old ones; {@code null} where the old ones shall stay. */
    private int[] renumbering(Names names, Marker marker) {
        if (names.size() < COMPACT_ABOVE) {
            return null;
        }
        BitSet live = new BitSet(names.size());
        slots.values().stream()
                .filter(slot -> slot.bucket() != null)
                .forEach(slot -> marker.mark(slot.bucket(), live));
        if (live.cardinality() * 2 > names.size()) {
            return null;
        }
        int[] numbers = new int[names.size()];
        int next = 0;
        for (int old = live.nextSetBit(0); old >= 0; old = live.nextSetBit(old + 1)) {
            numbers[old] = ++next;
        }
        return numbers;
    }

    private void markGroups(Bucket bucket, BitSet live) {
        switch (bucket) {
            case Bucket.Cells cells -> mark(cells.groups(), live);
            case Bucket.Averages averages -> mark(averages.groups(), live);
            case Bucket.Extremes extremes -> mark(extremes.groups(), live);
            case Bucket.Distributions distributions -> mark(distributions.groups(), live);
            case Bucket.Sketches sketches -> mark(sketches.groups(), live);
            case Bucket.Registers registers -> mark(registers.groups(), live);
            case Bucket.GroupedMembers grouped -> {
                for (int group = 0; group < grouped.members().length; group++) {
                    if (grouped.members()[group] != null) {
                        live.set(group);
                    }
                }
            }
            case Bucket.Total _, Bucket.Members _, Bucket.Rows _ -> {}
        }
    }

    private void markValues(Bucket bucket, BitSet live) {
        switch (bucket) {
            case Bucket.Members members -> mark(members.values(), live);
            case Bucket.GroupedMembers grouped -> {
                for (int[] members : grouped.members()) {
                    if (members != null) {
                        mark(members, live);
                    }
                }
            }
            case Bucket.Total _,
                    Bucket.Cells _,
                    Bucket.Averages _,
                    Bucket.Extremes _,
                    Bucket.Distributions _,
                    Bucket.Sketches _,
                    Bucket.Registers _,
                    Bucket.Rows _ -> {}
        }
    }

    private static void mark(int[] numbers, BitSet live) {
        for (int number : numbers) {
            live.set(number);
        }
    }

    /** Numbers in {@code renumbering} begin at 1, so that 0 means gone. */
    private static int[] renumber(int[] numbers, int[] renumbering) {
        if (renumbering == null || numbers == null) {
            return numbers;
        }
        int[] renumbered = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            renumbered[i] = renumbering[numbers[i]] - 1;
        }
        return renumbered;
    }

    private static Bucket renumber(Bucket bucket, int[] newGroups, int[] newValues) {
        return switch (bucket) {
            case Bucket.Total total -> total;
            case Bucket.Rows rows -> rows;
            case Bucket.Cells cells ->
                    new Bucket.Cells(
                            renumber(cells.groups(), newGroups), cells.values(), cells.total());
            case Bucket.Averages averages ->
                    new Bucket.Averages(
                            renumber(averages.groups(), newGroups),
                            averages.sums(),
                            averages.counts(),
                            averages.sum(),
                            averages.count());
            case Bucket.Extremes extremes ->
                    new Bucket.Extremes(
                            extremes.greatest(),
                            renumber(extremes.groups(), newGroups),
                            extremes.values(),
                            extremes.best());
            case Bucket.Distributions distributions ->
                    new Bucket.Distributions(
                            renumber(distributions.groups(), newGroups),
                            distributions.values(),
                            distributions.all());
            case Bucket.Sketches sketches ->
                    new Bucket.Sketches(
                            renumber(sketches.groups(), newGroups),
                            sketches.values(),
                            sketches.all());
            case Bucket.Registers registers ->
                    new Bucket.Registers(
                            renumber(registers.groups(), newGroups),
                            registers.changed(),
                            registers.values(),
                            registers.all());
            case Bucket.Members members ->
                    new Bucket.Members(renumber(members.values(), newValues));
            case Bucket.GroupedMembers grouped -> {
                int[][] old = grouped.members();
                int[][] renumbered = new int[old.length][];
                for (int group = 0; group < old.length; group++) {
                    if (old[group] != null) {
                        int number = newGroups == null ? group : newGroups[group] - 1;
                        renumbered[number] = renumber(old[group], newValues);
                    }
                }
                yield new Bucket.GroupedMembers(renumbered, grouped.total(), grouped.cells());
            }
        };
    }
}
