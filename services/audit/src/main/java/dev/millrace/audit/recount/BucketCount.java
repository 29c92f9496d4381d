package dev.millrace.audit.recount;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.LogBuckets;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongBinaryOperator;

/**
 * A bucket as far as it is counted, event by event and field by field as it is stored. For one
 * thread.
 */
final class BucketCount {
    private final MeasurePlan metric;
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, Set<String>> values = new HashMap<>();
    private final Map<String, HyperLogLog.Builder> estimates = new HashMap<>();
    private long entries;

    BucketCount(MeasurePlan metric) {
        this.metric = metric;
    }

    /** Whether the buckets of a metric can be counted so. */
    static boolean isPossible(MeasurePlan metric) {
        return metric.measure() != Measure.latest;
    }

    /**
     * Counts an event of the bucket, or its items, as far as they meet the metric's condition.
     *
     * @throws ArithmeticException when a sum goes beyond 64 bits
     */
    void add(Event event) {
        metric.counted(event).forEach(this::count);
    }

    private void count(Event event) {
        String group = metric.isGrouped() ? GroupKey.of(event, metric.by()) : null;
        String name = group == null ? "" : group;
        switch (metric.measure()) {
            case count -> put(name, 1, Math::addExact);
            case unique -> {
                String value = event.text(metric.of());
                if (value != null && isNew(name, value)) {
                    entries++;
                }
            }
            case sum -> {
                Long number = StoredNumber.of(event, metric.of());
                put(name, number == null ? 0 : number, Math::addExact);
            }
            default -> {
                Long number = StoredNumber.of(event, metric.of());
                if (number != null) {
                    addNumber(name, group, number);
                }
            }
        }
    }

    private boolean isNew(String group, String value) {
        return metric.isApproximate()
                ? estimates.computeIfAbsent(group, any -> new HyperLogLog.Builder()).add(value)
                : values.computeIfAbsent(group, any -> new HashSet<>(4)).add(value);
    }

    private void addNumber(String name, String group, long number) {
        switch (metric.measure()) {
            case min -> put(name, number, Math::min);
            case max -> put(name, number, Math::max);
            case average -> {
                put(StateKeys.field(StateKeys.SUM, group), number, Math::addExact);
                put(StateKeys.field(StateKeys.COUNT, group), 1, Math::addExact);
            }
            case percentiles -> {
                put(StateKeys.field(StateKeys.SUM, group), number, Math::addExact);
                put(StateKeys.field(StateKeys.MIN, group), number, Math::min);
                put(StateKeys.field(StateKeys.MAX, group), number, Math::max);
                String bucket = Integer.toString(LogBuckets.bucket(number));
                put(StateKeys.field(bucket, group), 1, Math::addExact);
            }
            default -> throw new IllegalStateException(metric.measure() + " is not counted so");
        }
    }

    private void put(String name, long number, LongBinaryOperator with) {
        Long known = numbers.get(name);
        numbers.put(name, known == null ? number : with.applyAsLong(known, number));
        entries += known == null ? 1 : 0;
    }

    /** How many numbers and values it holds, about. */
    long entries() {
        return entries;
    }

    Contents contents() {
        if (metric.isApproximate()) {
            Map<String, HyperLogLog> logs = HashMap.newHashMap(estimates.size());
            estimates.forEach((group, log) -> logs.put(group, log.build()));
            return Contents.ofEstimates(logs);
        }
        Map<String, String> texts = HashMap.newHashMap(numbers.size());
        numbers.forEach((name, number) -> texts.put(name, number.toString()));
        if (metric.measure() == Measure.unique && metric.isGrouped()) {
            values.forEach((group, set) -> texts.put(group, Integer.toString(set.size())));
        }
        return new Contents(texts, values);
    }
}
