package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.HashMap;
import java.util.Map;

/** Sum and number of what is measured: {@code average}. */
final class Averages extends Cell {
    private final MeasurePlan metric;

    /** By what stands behind the names of their fields in Redis. */
    private final Map<String, Mean> means = new HashMap<>();

    Averages(MeasurePlan metric, String key, long expiry) {
        super(key, expiry);
        this.metric = metric;
    }

    @Override
    int add(Event event) {
        Long number = StoredNumber.of(event, metric.of());
        if (number == null) {
            return 0;
        }
        int before = means.size();
        String group = metric.isGrouped() ? GroupKey.of(event, metric.by()) : null;
        means.computeIfAbsent(StateKeys.field("", group), suffix -> new Mean()).add(number);
        return 2 * (means.size() - before);
    }

    @Override
    public void writeTo(CellWriter writer) {
        writer.averages(key(), expiry(), metric.maxGroups(), means);
    }
}
