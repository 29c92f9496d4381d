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

    /** By the names of fields in Redis. */
    private final Map<String, Amount> totals = new HashMap<>();

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
        int before = totals.size();
        String group = metric.isGrouped() ? GroupKey.of(event, metric.by()) : null;
        total(StateKeys.field(StateKeys.SUM, group)).add(number);
        total(StateKeys.field(StateKeys.COUNT, group)).add(1);
        return totals.size() - before;
    }

    private Amount total(String field) {
        return totals.computeIfAbsent(field, name -> new Amount());
    }

    @Override
    public int size() {
        return totals.size();
    }

    @Override
    public void writeTo(CellWriter writer) {
        writer.groupTotals(key(), expiry(), false, totals, field -> field);
    }
}
