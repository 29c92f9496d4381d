package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

/** What an event adds to a count or sum: a sum of fractions is kept in millionths. */
final class Counted {
    private final FieldPlan field;
    private final boolean whole;

    Counted(MeasurePlan metric) {
        this.field = metric.measure() == Measure.count ? null : metric.of();
        this.whole = field != null && field.type() == FieldType.integer;
    }

    long of(Event event) {
        if (field == null) {
            return 1;
        }
        Object value = event.value(field);
        if (value == null) {
            return 0;
        }
        return whole ? (Long) value : Math.round((Double) value * 1e6);
    }
}
