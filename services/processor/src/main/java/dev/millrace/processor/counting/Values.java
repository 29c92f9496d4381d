package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.PlainText;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.PackedValues;

import java.util.HashSet;
import java.util.Set;

/** Different values: {@code unique}. */
final class Values extends Cell {
    private final FieldPlan of;
    private final Packing<PackedValues> packing;
    private Set<String> values = new HashSet<>();

    /** In the place of the values, once there are very many. */
    private PackedValues packed;

    Values(MeasurePlan metric, String key, long expiry, Packing<PackedValues> packing) {
        super(key, expiry);
        this.packing = packing;
        this.of = metric.of();
    }

    @Override
    int add(Event event) {
        PlainText plain = packed == null ? null : event.plainText(of);
        if (plain != null) {
            return packed.add(plain) ? 1 : 0;
        }
        String value = event.text(of);
        if (value == null) {
            return 0;
        }
        if (packed != null) {
            return packed.add(value) ? 1 : 0;
        }
        if (!values.add(value)) {
            return 0;
        }
        if (packing.isDue(values.size())) {
            packed = packing.begin();
            values.forEach(packed::add);
            values = null;
        }
        return 1;
    }

    @Override
    boolean isPacked() {
        return packed != null;
    }

    @Override
    public void writeTo(CellWriter writer) {
        if (packed != null) {
            writer.packed(key(), expiry(), packed);
            packing.end(packed);
            packed = null;
            return;
        }
        writer.values(key(), expiry(), values);
    }
}
