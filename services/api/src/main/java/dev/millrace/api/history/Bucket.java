package dev.millrace.api.history;

import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;

/**
 * A bucket of a metric.
 *
 * @param start when it begins, in milliseconds since 1970; 0 for {@code all}
 */
public record Bucket(MeasurePlan metric, Granularity granularity, long start) {
    /** When it ends, exclusive; {@link Long#MAX_VALUE} for {@code all}. */
    public long end() {
        return granularity == Granularity.ALL ? Long.MAX_VALUE : start + granularity.millis();
    }

    /** The bucket of another size that it is in. */
    Bucket in(Granularity larger) {
        return new Bucket(metric, larger, larger.start(start));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bucket that
                && metric.name().equals(that.metric.name())
                && granularity == that.granularity
                && start == that.start;
    }

    @Override
    public int hashCode() {
        return (metric.name().hashCode() * 31 + granularity.hashCode()) * 31 + Long.hashCode(start);
    }
}
