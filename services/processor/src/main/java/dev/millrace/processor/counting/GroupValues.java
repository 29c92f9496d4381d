package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.PackedGroups;
import dev.millrace.pipeline.state.StateKeys;

import java.util.HashMap;
import java.util.Map;

/** Different values of each group: {@code unique} with {@code by}. */
final class GroupValues extends Cell {
    private final MeasurePlan metric;
    private final Grouping grouping;
    private final Packing<PackedGroups> packing;
    private Map<String, SmallSet> groups = new HashMap<>();

    /** In the place of the groups, once there are very many. */
    private PackedGroups packed;

    GroupValues(MeasurePlan metric, String key, long expiry, Packing<PackedGroups> packing) {
        super(key, expiry);
        this.packing = packing;
        this.metric = metric;
        this.grouping = new Grouping(metric);
    }

    @Override
    int add(Event event) {
        String value = event.text(metric.of());
        if (value == null) {
            return 0;
        }
        String group = grouping.of(event);
        if (packed != null) {
            return packed.add(grouping.name(group), value) ? 1 : 0;
        }
        SmallSet values = groups.get(group);
        if (values == null) {
            values = new SmallSet();
            groups.put(group, values);
        }
        int added = values.add(value) ? 1 : 0;
        if (packing.isDue(groups.size())) {
            pack();
        }
        return added;
    }

    private void pack() {
        packed = packing.begin();
        groups.forEach(
                (group, values) ->
                        values.forEach(value -> packed.add(grouping.name(group), value)));
        groups = null;
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
        writer.groupValues(
                key(),
                expiry(),
                metric.maxGroups(),
                groups,
                grouping::name,
                group -> StateKeys.groupSet(metric, key(), group));
    }
}
