package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.MeasurePlan;

import java.util.HashSet;
import java.util.Set;

/** Different values: {@code unique}. */
final class Values extends Cell {
    private final FieldPlan of;
    private final Set<String> values = new HashSet<>();

    Values(MeasurePlan metric, String key, long expiry) {
        super(key, expiry);
        this.of = metric.of();
    }

    @Override
    int add(Event event) {
        String value = event.text(of);
        return value != null && values.add(value) ? 1 : 0;
    }

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public void writeTo(CellWriter writer) {
        writer.values(key(), expiry(), values);
    }
}
