package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.PlainText;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.PackedTotals;

import java.util.HashMap;
import java.util.Map;

/** A number for each group: {@code count} and {@code sum} with {@code by}. */
final class GroupTotals extends Cell {
    private final Grouping grouping;
    private final Counted counted;
    private final boolean ranked;
    private final int most;
    private final Packing<PackedTotals> packing;
    private Map<String, Amount> groups = new HashMap<>();

    /** In the place of the groups, once there are very many. */
    private PackedTotals packed;

    GroupTotals(MeasurePlan metric, String key, long expiry, Packing<PackedTotals> packing) {
        super(key, expiry);
        this.packing = packing;
        this.grouping = new Grouping(metric);
        this.counted = new Counted(metric);
        this.most = metric.maxGroups();
        this.ranked = metric.measure() == Measure.count;
    }

    @Override
    int add(Event event) {
        if (packed != null) {
            long number = counted.of(event);
            PlainText plain = grouping.plain(event);
            return (plain == null
                            ? packed.add(grouping.name(grouping.of(event)), number)
                            : packed.add(plain, number))
                    ? 1
                    : 0;
        }
        String group = grouping.of(event);
        Amount amount = groups.get(group);
        if (amount != null) {
            amount.add(counted.of(event));
            return 0;
        }
        amount = new Amount();
        amount.add(counted.of(event));
        groups.put(group, amount);
        if (packing.isDue(groups.size())) {
            pack();
        }
        return 1;
    }

    private void pack() {
        packed = packing.begin();
        groups.forEach((group, amount) -> packed.add(grouping.name(group), amount.value()));
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
        writer.groupTotals(key(), expiry(), most, ranked, groups, grouping::name);
    }
}
