package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.util.HashMap;
import java.util.Map;

/** A number for each group: {@code count} and {@code sum} with {@code by}. */
final class GroupTotals extends Cell {
    private final Grouping grouping;
    private final Counted counted;
    private final boolean ranked;
    private final int most;
    private final Map<String, Amount> groups = new HashMap<>();

    GroupTotals(MeasurePlan metric, String key, long expiry) {
        super(key, expiry);
        this.grouping = new Grouping(metric);
        this.counted = new Counted(metric);
        this.most = metric.maxGroups();
        this.ranked = metric.measure() == Measure.count;
    }

    @Override
    int add(Event event) {
        String group = grouping.of(event);
        Amount amount = groups.get(group);
        if (amount != null) {
            amount.add(counted.of(event));
            return 0;
        }
        amount = new Amount();
        amount.add(counted.of(event));
        groups.put(group, amount);
        return 1;
    }

    @Override
    public int size() {
        return groups.size();
    }

    @Override
    public void writeTo(CellWriter writer) {
        writer.groupTotals(key(), expiry(), most, ranked, groups, grouping::name);
    }
}
