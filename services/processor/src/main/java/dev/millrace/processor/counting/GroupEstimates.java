package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.StateKeys;

import java.util.HashMap;
import java.util.Map;

/**
 * About how many different values of each group: {@code unique} with {@code approximate} and {@code
 * by}.
 */
final class GroupEstimates extends Cell {
    private final MeasurePlan metric;
    private final Grouping grouping;
    private final Map<String, SmallSet> groups = new HashMap<>();

    GroupEstimates(MeasurePlan metric, String key, long expiry) {
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
        return groups.computeIfAbsent(grouping.of(event), _ -> new SmallSet()).add(value) ? 1 : 0;
    }

    @Override
    public void writeTo(CellWriter writer) {
        writer.groupEstimates(
                key(),
                expiry(),
                metric.maxGroups(),
                groups,
                grouping::name,
                group -> StateKeys.groupSet(metric, key(), group));
    }
}
