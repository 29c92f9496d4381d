package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.HashMap;
import java.util.Map;

/** The least or greatest of what is measured: {@code min} and {@code max}. */
final class Extremes extends Cell {
    private final MeasurePlan metric;
    private final boolean greatest;

    /** By group; the empty name where there are no groups. */
    private final Map<String, Long> numbers = new HashMap<>();

    Extremes(MeasurePlan metric, String key, long expiry) {
        super(key, expiry);
        this.metric = metric;
        this.greatest = metric.measure() == Measure.max;
    }

    @Override
    int add(Event event) {
        Long number = StoredNumber.of(event, metric.of());
        if (number == null) {
            return 0;
        }
        int before = numbers.size();
        numbers.merge(
                metric.isGrouped() ? GroupKey.of(event, metric.by()) : "",
                number,
                greatest ? Math::max : Math::min);
        return numbers.size() - before;
    }

    @Override
    public void writeTo(CellWriter writer) {
        // a cell without numbers is as good as an empty one of groups
        if (metric.isGrouped() || numbers.isEmpty()) {
            writer.groupExtremes(key(), expiry(), metric.maxGroups(), greatest, numbers);
        } else {
            writer.extreme(key(), expiry(), greatest, numbers.get(""));
        }
    }
}
