package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.KnownText;
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

    /** The groups that need no look-up. */
    private KnownParts<Amount> known = new KnownParts<>();

    private Map<String, Amount> groups = new HashMap<>();

    /** In the place of both, once there are very many. */
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
            return addPacked(event) ? 1 : 0;
        }
        KnownText text = grouping.known(event);
        Amount amount = text == null ? null : known.get(text);
        if (amount != null) {
            amount.add(counted.of(event));
            return 0;
        }
        int before = groups.size();
        amount = groups.computeIfAbsent(grouping.of(event), _ -> new Amount());
        amount.add(counted.of(event));
        if (text != null) {
            known.put(text, amount);
        }
        int added = groups.size() - before;
        if (packing.isDue(groups.size())) {
            pack();
        }
        return added;
    }

    private boolean addPacked(Event event) {
        long number = counted.of(event);
        PlainText plain = grouping.plain(event);
        return plain == null
                ? packed.add(grouping.name(grouping.of(event)), number)
                : packed.add(plain, number);
    }

    private void pack() {
        packed = packing.begin();
        groups.forEach((group, amount) -> packed.add(grouping.name(group), amount.value()));
        groups = null;
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
        writer.groupTotals(key(), expiry(), most, ranked, groups, grouping::name);
    }
}
