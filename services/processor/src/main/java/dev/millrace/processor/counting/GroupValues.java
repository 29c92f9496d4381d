package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.StateKeys;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Different values of each group: {@code unique} with {@code by}. */
final class GroupValues extends Cell {
    private final MeasurePlan metric;
    private final Grouping grouping;
    private final Map<String, SmallSet> groups = new HashMap<>();
    private int size;

    GroupValues(MeasurePlan metric, String key, long expiry) {
        super(key, expiry);
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
        SmallSet values = groups.get(group);
        if (values == null) {
            values = new SmallSet();
            groups.put(group, values);
        }
        int added = values.add(value) ? 1 : 0;
        size += added;
        return added;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void writeTo(CellWriter writer) {
        Map<String, Set<String>> named = HashMap.newHashMap(groups.size());
        groups.forEach((group, values) -> named.put(grouping.name(group), values));
        writer.groupValues(
                key(),
                expiry(),
                metric.maxGroups(),
                named,
                group -> StateKeys.groupSet(metric, key(), group));
    }
}
