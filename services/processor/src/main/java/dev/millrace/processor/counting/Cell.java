package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;

/** What events since the last flush add to one bucket of one metric. For one thread. */
public abstract sealed class Cell
        permits Averages, Distributions, Extremes, GroupTotals, GroupValues, Rows, Total, Values {
    private final String key;
    private final long expiry;

    Cell(String key, long expiry) {
        this.key = key;
        this.expiry = expiry;
    }

    /** The cell of a bucket. */
    static Cell of(MeasurePlan metric, String key, long expiry) {
        return switch (metric.measure()) {
            case count, sum ->
                    metric.isGrouped()
                            ? new GroupTotals(metric, key, expiry)
                            : new Total(metric, key, expiry);
            case unique ->
                    metric.isGrouped()
                            ? new GroupValues(metric, key, expiry)
                            : new Values(metric, key, expiry);
            case average -> new Averages(metric, key, expiry);
            case min, max -> new Extremes(metric, key, expiry);
            case percentiles -> new Distributions(metric, key, expiry);
            case latest -> new Rows(metric, key);
        };
    }

    /** The bucket's key in Redis. */
    public final String key() {
        return key;
    }

    /** When the bucket may be removed, in seconds since 1970; 0 for never. */
    public final long expiry() {
        return expiry;
    }

    /** Adds an event; says how many writes more its flush takes. */
    abstract int add(Event event);

    /** How many writes it takes to flush. */
    public abstract int size();

    /** Hands over what it adds. */
    public abstract void writeTo(CellWriter writer);
}
