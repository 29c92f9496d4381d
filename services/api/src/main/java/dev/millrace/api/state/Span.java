package dev.millrace.api.state;

import dev.millrace.api.window.Point;
import dev.millrace.api.window.Ranking;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Window;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * One window of a metric: its buckets, those of the window just before, and what they add up to.
 */
final class Span {
    private static final Slot[] NONE = {};

    private final MeasurePlan metric;
    private final Window window;
    private long to = Long.MIN_VALUE;
    private Slot[] current = NONE;
    private Slot[] before = NONE;
    private Aggregate previous;
    private long previousVersion;
    private WindowView view;
    private long viewVersion;

    Span(MeasurePlan metric, Window window) {
        this.metric = metric;
        this.window = window;
    }

    /** Whether the window has other buckets at this time than those laid out last. */
    boolean moves(long now) {
        return window.to(now) != to;
    }

    /** Lays out the buckets of both windows. */
    void layOut(long now, LongFunction<Slot> slot) {
        to = window.to(now);
        if (window.isAll()) {
            current = new Slot[] {slot.apply(0)};
        } else {
            long from = window.from(now);
            current = slots(from, slot);
            before = slots(from - window.length().toMillis(), slot);
        }
        forget();
    }

    private Slot[] slots(long from, LongFunction<Slot> slot) {
        Slot[] slots = new Slot[window.buckets()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = slot.apply(from + i * window.granularity().millis());
        }
        return slots;
    }

    /** The buckets of both windows. */
    Stream<Slot> slots() {
        return Stream.concat(Arrays.stream(before), Arrays.stream(current));
    }

    Granularity granularity() {
        return window.granularity();
    }

    /** Makes the next view anew. */
    void forget() {
        previous = null;
        view = null;
    }

    /** The window as it is now: the same instance as long as none of its buckets changed. */
    WindowView view(Names groups, Names values) {
        long newestBefore = newest(before);
        if (!window.isAll() && (previous == null || newestBefore > previousVersion)) {
            previous = Aggregate.of(before, groups.size(), values.size(), metric.scale());
            previousVersion = newestBefore;
            view = null;
        }
        long newest = newest(current);
        if (view == null || newest > viewVersion) {
            view = compute(groups, values);
            viewVersion = newest;
        }
        return view;
    }

    private static long newest(Slot[] slots) {
        long newest = 0;
        for (Slot slot : slots) {
            newest = Math.max(newest, slot.version());
        }
        return newest;
    }

    private WindowView compute(Names groups, Names values) {
        if (current[0].bucket() instanceof Bucket.Rows rows) {
            return new WindowView(
                    metric,
                    window,
                    null,
                    null,
                    (long) rows.table().size(),
                    null,
                    metric.isGrouped() ? rows.table().values() : null,
                    rows.table(),
                    List.of());
        }
        int scale = metric.scale();
        Aggregate sum = Aggregate.of(current, groups.size(), values.size(), scale);
        Ranking ranking =
                metric.isGrouped()
                        ? new Ranking(
                                groups.texts(),
                                sum.groups(),
                                sum.values(),
                                previous == null ? null : previous.values())
                        : null;
        if (window.isAll()) {
            return new WindowView(
                    metric,
                    window,
                    null,
                    null,
                    sum.value(),
                    null,
                    ranking,
                    sum.detail(),
                    List.of());
        }
        List<Point> series =
                Arrays.stream(current)
                        .map(slot -> new Point(slot.start / 1000, slot.bucket().value(scale)))
                        .toList();
        return new WindowView(
                metric,
                window,
                to - window.length().toMillis(),
                to,
                sum.value(),
                previous.value(),
                ranking,
                sum.detail(),
                series);
    }
}
