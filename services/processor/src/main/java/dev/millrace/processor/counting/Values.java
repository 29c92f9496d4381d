package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.KnownText;
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

    /** The values that need no look-up. */
    private KnownParts<Boolean> known = new KnownParts<>();

    private Set<String> values = new HashSet<>();

    /** In the place of both, once there are very many. */
    private PackedValues packed;

    Values(MeasurePlan metric, String key, long expiry, Packing<PackedValues> packing) {
        super(key, expiry);
        this.packing = packing;
        this.of = metric.of();
    }

    @Override
    int add(Event event) {
        if (packed != null) {
            return addPacked(event) ? 1 : 0;
        }
        KnownText text = event.knownText(of);
        if (text != null && known.get(text) != null) {
            return 0;
        }
        String value = event.text(of);
        if (value == null) {
            return 0;
        }
        boolean added = values.add(value);
        if (text != null) {
            known.put(text, true);
        }
        if (packing.isDue(values.size())) {
            pack();
        }
        return added ? 1 : 0;
    }

    private boolean addPacked(Event event) {
        PlainText plain = event.plainText(of);
        if (plain != null) {
            return packed.add(plain);
        }
        String value = event.text(of);
        return value != null && packed.add(value);
    }

    private void pack() {
        packed = packing.begin();
        values.forEach(packed::add);
        values = null;
        known = null;
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
