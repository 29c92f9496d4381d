package dev.millrace.api.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.api.history.Rollup;
import dev.millrace.api.history.Tally;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.HyperLogLog;

import java.util.LinkedHashMap;
import java.util.Map;

/** Makes buckets that hold what rollups of history do. */
final class RollupBucket {
    private RollupBucket() {}

    /**
     * A bucket of the live readers.
     *
     * @param rollup {@code null} for nothing
     * @param names the numbers of groups
     */
    static Bucket bucket(MeasurePlan metric, Rollup rollup, Names names) {
        Map<String, Tally> named = new LinkedHashMap<>();
        if (rollup != null) {
            named.putAll(rollup.groups());
            if (rollup.other() != null) {
                named.put(GroupKey.OTHER, rollup.other());
            }
        }
        int[] groups = new int[named.size()];
        Tally[] tallies = new Tally[groups.length];
        if (rollup != null) {
            int i = 0;
            for (Map.Entry<String, Tally> group : named.entrySet()) {
                byte[] name = group.getKey().getBytes(UTF_8);
                groups[i] = names.index(name, 0, name.length);
                tallies[i++] = group.getValue();
            }
        }
        Tally all = rollup == null ? null : rollup.all();
        return switch (metric.measure()) {
            case count, sum -> {
                long total = all instanceof Tally.Total one ? one.number() : 0;
                yield metric.isGrouped()
                        ? new Bucket.Cells(groups, longs(tallies), total)
                        : new Bucket.Total(total);
            }
            case average -> {
                long[] counts = new long[groups.length];
                for (int i = 0; i < counts.length; i++) {
                    counts[i] = ((Tally.Average) tallies[i]).count();
                }
                yield all instanceof Tally.Average one
                        ? new Bucket.Averages(
                                groups, longs(tallies), counts, one.sum(), one.count())
                        : new Bucket.Averages(groups, longs(tallies), counts, 0, 0);
            }
            case min, max ->
                    new Bucket.Extremes(
                            metric.measure() == Measure.max,
                            groups,
                            longs(tallies),
                            all instanceof Tally.Extreme one ? one.number() : null);
            case percentiles -> {
                Distribution[] numbers = new Distribution[groups.length];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = ((Tally.Numbers) tallies[i]).numbers();
                }
                yield new Bucket.Distributions(
                        groups,
                        numbers,
                        all instanceof Tally.Numbers one ? one.numbers() : new Distribution());
            }
            case unique ->
                    metric.isApproximate()
                            ? registers(groups, tallies, all)
                            : sketches(groups, tallies, all);
            case latest -> throw new IllegalArgumentException("rows have no history");
        };
    }

    private static long[] longs(Tally[] tallies) {
        long[] numbers = new long[tallies.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    switch (tallies[i]) {
                        case Tally.Total one -> one.number();
                        case Tally.Average one -> one.sum();
                        case Tally.Extreme one -> one.number();
                        default -> 0;
                    };
        }
        return numbers;
    }

    private static Bucket sketches(int[] groups, Tally[] tallies, Tally all) {
        Tally.Unique[] values = new Tally.Unique[groups.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (Tally.Unique) tallies[i];
        }
        return new Bucket.Sketches(groups, values, (Tally.Unique) all);
    }

    private static Bucket registers(int[] groups, Tally[] tallies, Tally all) {
        HyperLogLog[] values = new HyperLogLog[groups.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((Tally.Estimate) tallies[i]).values();
        }
        return new Bucket.Registers(
                groups,
                new long[groups.length],
                values,
                all instanceof Tally.Estimate one ? one.values() : HyperLogLog.EMPTY);
    }
}
