package dev.millrace.audit.recount;

import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.StateKeys;

/**
 * One bucket of one metric of a plan.
 *
 * @param start when it begins, in milliseconds since 1970; 0 for {@link Granularity#ALL}
 */
public record Bucket(MeasurePlan metric, Granularity granularity, long start) {
    /** Its key in Redis. */
    public String key() {
        return StateKeys.bucket(metric, granularity, start);
    }

    /** The first time after it, in milliseconds since 1970; {@link Long#MAX_VALUE} for all. */
    public long end() {
        return granularity == Granularity.ALL ? Long.MAX_VALUE : start + granularity.millis();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bucket bucket
                && start == bucket.start
                && granularity == bucket.granularity
                && metric.name().equals(bucket.metric.name());
    }

    @Override
    public int hashCode() {
        return (metric.name().hashCode() * 31 + granularity.ordinal()) * 31 + Long.hashCode(start);
    }
}
