package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.KnownText;
import dev.millrace.pipeline.event.PlainText;
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

    /** The groups that need no look-up. */
    private KnownParts<SmallSet> known = new KnownParts<>();

    /** The group in which each value was last. */
    private KnownParts<SmallSet> lastIn = new KnownParts<>();

    private Map<String, SmallSet> groups = new HashMap<>();

    /** In the place of all these, once there are very many. */
    private PackedGroups packed;

    GroupValues(MeasurePlan metric, String key, long expiry, Packing<PackedGroups> packing) {
        super(key, expiry);
        this.packing = packing;
        this.metric = metric;
        this.grouping = new Grouping(metric);
    }

    @Override
    int add(Event event) {
        if (packed != null) {
            return addPacked(event) ? 1 : 0;
        }
        String value = event.text(metric.of());
        if (value == null) {
            return 0;
        }
        SmallSet values = values(event);
        KnownText text = event.knownText(metric.of());
        if (text != null && lastIn.get(text) == values) {
            return 0;
        }
        int added = values.add(value) ? 1 : 0;
        if (text != null) {
            lastIn.put(text, values);
        }
        if (packing.isDue(groups.size())) {
            pack();
        }
        return added;
    }

    /** The values of an event's group. */
    private SmallSet values(Event event) {
        KnownText text = grouping.known(event);
        SmallSet values = text == null ? null : known.get(text);
        if (values == null) {
            values = groups.computeIfAbsent(grouping.of(event), _ -> new SmallSet());
            if (text != null) {
                known.put(text, values);
            }
        }
        return values;
    }

    private boolean addPacked(Event event) {
        PlainText plainValue = event.plainText(metric.of());
        String value = plainValue == null ? event.text(metric.of()) : null;
        if (plainValue == null && value == null) {
            return false;
        }
        PlainText plainGroup = grouping.plain(event);
        if (plainGroup == null) {
            packed.group(grouping.name(grouping.of(event)));
        } else {
            packed.group(plainGroup);
        }
        return plainValue == null ? packed.add(value) : packed.add(plainValue);
    }

    private void pack() {
        packed = packing.begin();
        groups.forEach(
                (group, values) ->
                        values.forEach(value -> packed.add(grouping.name(group), value)));
        groups = null;
        known = null;
        lastIn = null;
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
