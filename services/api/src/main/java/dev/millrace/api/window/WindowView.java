package dev.millrace.api.window;

import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Window;

import java.util.List;

/**
 * A metric over one of its windows. Immutable; the same instance stays as long as nothing of it
 * changes.
 *
 * @param metric what is measured
 * @param window over which window
 * @param from start, inclusive, in milliseconds since 1970; {@code null} for {@code all} and before
 *     the first event of an event clock
 * @param to end, exclusive; {@code null} like {@code from}
 * @param value the metric over the whole window; {@code null} where it has none, as an average of
 *     nothing
 * @param previous the metric over the window just before; {@code null} for {@code all}
 * @param ranking its groups; {@code null} for a metric without groups
 * @param detail more about the whole window; {@code null}: nothing
 * @param series one point for each bucket, oldest first; empty for {@code all}
 */
public record WindowView(
        MetricPlan metric,
        Window window,
        Long from,
        Long to,
        Number value,
        Number previous,
        Ranking ranking,
        Detail detail,
        List<Point> series) {

    /** A window in which nothing was counted, at a time that is not known. */
    public static WindowView empty(
            MetricPlan metric, Window window, Number value, boolean grouped) {
        return new WindowView(
                metric,
                window,
                null,
                null,
                value,
                null,
                grouped ? Ranking.EMPTY : null,
                null,
                List.of());
    }
}
