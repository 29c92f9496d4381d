package dev.millrace.audit.recount;

import dev.millrace.pipeline.plan.MeasurePlan;

/**
 * What to count: a metric, and the event times that belong to it.
 *
 * @param metric a metric of the plan: count, sum or unique
 * @param from inclusive, in milliseconds since 1970; 0 for no bound
 * @param to exclusive, in milliseconds since 1970; {@link Long#MAX_VALUE} for no bound
 */
public record Span(MeasurePlan metric, long from, long to) {
    boolean holds(long time) {
        return time >= from && (time < to || to == Long.MAX_VALUE);
    }
}
