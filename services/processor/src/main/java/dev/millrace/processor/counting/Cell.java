package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.PackedGroups;
import dev.millrace.pipeline.state.PackedTotals;
import dev.millrace.pipeline.state.PackedValues;

/** What events since the last flush add to one bucket of one metric. For one thread. */
public abstract sealed class Cell
        permits Averages,
                Distributions,
                Estimates,
                Extremes,
                GroupEstimates,
                GroupTotals,
                GroupValues,
                Rows,
                Total,
                Values {
    private final String key;
    private final long expiry;

    Cell(String key, long expiry) {
        this.key = key;
        this.expiry = expiry;
    }

    /** Makes the cells of one granularity of one metric. */
    interface Maker {
        /**
         * The cell of a bucket.
         *
         * @param expiry when the bucket may be removed, in seconds since 1970; 0 for never
         */
        Cell make(String key, long expiry);
    }

    /**
     * A maker of a metric's cells.
     *
     * @param packAbove how many groups or values are written one by one; more are packed
     */
    static Maker maker(MeasurePlan metric, int packAbove) {
        boolean grouped = metric.isGrouped();
        return switch (metric.measure()) {
            case count, sum -> {
                if (!grouped) {
                    yield (key, expiry) -> new Total(metric, key, expiry);
                }
                var packing = new Packing<>(packAbove, PackedTotals::new);
                yield (key, expiry) -> new GroupTotals(metric, key, expiry, packing);
            }
            case unique -> {
                if (metric.isApproximate()) {
                    yield grouped
                            ? (key, expiry) -> new GroupEstimates(metric, key, expiry)
                            : (key, expiry) -> new Estimates(metric, key, expiry);
                }
                if (grouped) {
                    var packing = new Packing<>(packAbove, PackedGroups::new);
                    yield (key, expiry) -> new GroupValues(metric, key, expiry, packing);
                }
                var packing = new Packing<>(packAbove, PackedValues::new);
                yield (key, expiry) -> new Values(metric, key, expiry, packing);
            }
            case average -> (key, expiry) -> new Averages(metric, key, expiry);
            case min, max -> (key, expiry) -> new Extremes(metric, key, expiry);
            case percentiles -> (key, expiry) -> new Distributions(metric, key, expiry);
            case latest -> (key, _) -> new Rows(metric, key);
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

    /**
     * Whether what it adds is one write, however much it is: then nothing more that is added makes
     * its flush take longer.
     */
    boolean isPacked() {
        return false;
    }

    /** Hands over what it adds. */
    public abstract void writeTo(CellWriter writer);
}
