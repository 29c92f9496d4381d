package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.HashMap;
import java.util.Map;

/** How what is measured is distributed: {@code percentiles}. */
final class Distributions extends Cell {
    /** Sum, least and greatest. */
    private static final int FIXED = 3;

    private final MeasurePlan metric;

    /** By what stands behind the names of their fields in Redis. */
    private final Map<String, Distribution> distributions = new HashMap<>();

    private int size;

    Distributions(MeasurePlan metric, String key, long expiry) {
        super(key, expiry);
        this.metric = metric;
    }

    @Override
    int add(Event event) {
        Long number = StoredNumber.of(event, metric.of());
        if (number == null) {
            return 0;
        }
        int before = size;
        String group = metric.isGrouped() ? GroupKey.of(event, metric.by()) : null;
        Distribution distribution =
                distributions.computeIfAbsent(
                        StateKeys.field("", group),
                        suffix -> {
                            size += FIXED;
                            return new Distribution();
                        });
        size += distribution.add(number) ? 1 : 0;
        return size - before;
    }

    @Override
    public void writeTo(CellWriter writer) {
        writer.distributions(key(), expiry(), metric.maxGroups(), distributions);
    }
}
