package dev.millrace.api.state;

import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Makes buckets of hashes whose fields are named as {@link StateKeys#field} has it. What is no such
 * field is left out.
 *
 * @param names the groups' numbers
 */
record FieldParser(MeasurePlan metric, Names names) {
    private static final class Average {
        private long sum;
        private long count;
    }

    /** Groups and a number for each. */
    Bucket.Cells cells(Cells answer) {
        int[] groups = new int[answer.size()];
        long[] numbers = new long[groups.length];
        long total = 0;
        for (int i = 0; i < groups.length; i++) {
            groups[i] = answer.index(i, names);
            numbers[i] = answer.number(i);
            total = StoredNumber.plus(total, numbers[i]);
        }
        return new Bucket.Cells(groups, numbers, total);
    }

    Bucket averages(Cells fields) {
        Map<Integer, Average> groups = new TreeMap<>();
        Average all = new Average();
        for (int i = 0; i < fields.size(); i++) {
            Average average = groups.computeIfAbsent(fields.suffix(i, names), _ -> new Average());
            switch (fields.name(i)) {
                case StateKeys.SUM -> {
                    average.sum = fields.number(i);
                    all.sum = StoredNumber.plus(all.sum, fields.number(i));
                }
                case StateKeys.COUNT -> {
                    average.count = fields.number(i);
                    all.count += fields.number(i);
                }
                default -> {}
            }
        }
        groups.remove(-1);
        return new Bucket.Averages(
                numbers(groups),
                longs(groups, average -> average.sum),
                longs(groups, average -> average.count),
                all.sum,
                all.count);
    }

    Bucket extreme(String text) {
        return new Bucket.Extremes(
                isGreatest(), new int[0], new long[0], text.isEmpty() ? null : Numbers.parse(text));
    }

    Bucket extremes(Cells fields) {
        int[] groups = new int[fields.size()];
        long[] values = new long[groups.length];
        Long best = null;
        for (int i = 0; i < groups.length; i++) {
            groups[i] = fields.index(i, names);
            values[i] = fields.number(i);
            best = best == null ? values[i] : Numbers.better(best, values[i], isGreatest());
        }
        return new Bucket.Extremes(isGreatest(), groups, values, best);
    }

    private boolean isGreatest() {
        return metric.measure() == Measure.max;
    }

    Bucket distributions(Cells fields) {
        Map<Integer, Distribution> groups = new TreeMap<>();
        for (int i = 0; i < fields.size(); i++) {
            Distribution group =
                    groups.computeIfAbsent(fields.suffix(i, names), _ -> new Distribution());
            long number = fields.number(i);
            switch (fields.name(i)) {
                case StateKeys.SUM -> group.addSum(number);
                case StateKeys.MIN -> group.min(number);
                case StateKeys.MAX -> group.max(number);
                case String bucket when isBucket(bucket) ->
                        group.add(Integer.parseInt(bucket), number);
                default -> {}
            }
        }
        Distribution all = new Distribution();
        groups.values().forEach(all::add);
        groups.remove(-1);
        return new Bucket.Distributions(
                numbers(groups), groups.values().toArray(Distribution[]::new), all);
    }

    private static boolean isBucket(String name) {
        return name.matches("-?[0-9]{1,4}");
    }

    private static int[] numbers(Map<Integer, ?> groups) {
        return groups.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    private static <T> long[] longs(Map<Integer, T> groups, ToLongFunction<T> number) {
        return groups.values().stream().mapToLong(number).toArray();
    }
}
