package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.plan.Window;
import dev.millrace.pipeline.state.StateKeys;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Counts the events of one stream into every bucket of every metric that they belong to. Safe for
 * use by many threads.
 */
public final class Counter {
    /**
     * Buckets are kept so much longer than any window needs them, for readers whose clocks are
     * behind.
     */
    private static final Duration SPARE = Duration.ofMinutes(10);

    private final List<Part> parts = new ArrayList<>();

    /** One granularity of one metric. */
    private record Part(
            MeasurePlan metric, Granularity granularity, long kept, LongFunction<Cell> make) {}

    /**
     * A counter of a stream's metrics.
     *
     * @param packAbove how many groups or values of a bucket a flush writes one by one; more are
     *     packed
     */
    public Counter(StreamPlan stream, List<MeasurePlan> metrics, int packAbove) {
        for (MeasurePlan metric : metrics) {
            for (Granularity granularity : metric.granularities()) {
                long kept = kept(metric, granularity, stream.lateness());
                Cell.Maker maker = Cell.maker(metric, packAbove);
                parts.add(
                        new Part(
                                metric,
                                granularity,
                                kept,
                                start -> make(maker, metric, granularity, kept, start)));
            }
        }
    }

    /** How long after its end a bucket is kept: for the longest window and the one before it. */
    private static long kept(MeasurePlan metric, Granularity granularity, Duration lateness) {
        long longest =
                metric.windows().stream()
                        .filter(window -> window.granularity() == granularity && !window.isAll())
                        .map(Window::length)
                        .mapToLong(Duration::toMillis)
                        .max()
                        .orElse(0);
        return 2 * longest + lateness.toMillis() + SPARE.toMillis();
    }

    private static Cell make(
            Cell.Maker maker, MeasurePlan metric, Granularity granularity, long kept, long start) {
        return maker.make(
                StateKeys.bucket(metric, granularity, start),
                granularity == Granularity.ALL ? 0 : (start + granularity.millis() + kept) / 1_000);
    }

    /** Deltas for this counter. */
    public Deltas deltas() {
        return new Deltas(parts.size(), StateKeys.RECENT_DEAD_LETTERS);
    }

    /**
     * Counts an event.
     *
     * @param now milliseconds since 1970 on the pipeline's clock: buckets that would be removed
     *     already are left out
     */
    public void count(Event event, long now, Deltas deltas) {
        deltas.countValid();
        MeasurePlan tested = null;
        boolean counts = false;
        List<Event> items = List.of();
        Granularity granularity = null;
        long start = 0;
        for (int slot = 0; slot < parts.size(); slot++) {
            Part part = parts.get(slot);
            MeasurePlan metric = part.metric();
            if (metric != tested) {
                tested = metric;
                if (metric.items() == null) {
                    counts = metric.where() == null || metric.where().test(event);
                } else {
                    items = metric.counted(event);
                    counts = !items.isEmpty();
                }
            }
            if (counts) {
                if (part.granularity() != granularity) {
                    granularity = part.granularity();
                    start = deltas.start(granularity, event.time());
                }
                if (part.granularity() == Granularity.ALL
                        || start + part.granularity().millis() + part.kept() > now) {
                    Cell cell = deltas.cell(slot, start, part.make());
                    if (metric.items() == null) {
                        deltas.grow(cell, cell.add(event));
                    } else {
                        items.forEach(item -> deltas.grow(cell, cell.add(item)));
                    }
                }
            }
        }
    }
}
