package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.HashMap;
import java.util.Map;

/** Sum and number of what is measured: {@code average}. */
final class Averages implements EventCell {
    private final MeasurePlan metric;
    private final String key;
    private final long expiry;

    /** By the names of fields in Redis. */
    private final Map<String, Cell.Total> totals = new HashMap<>();

    Averages(MeasurePlan metric, String key, long expiry) {
        this.metric = metric;
        this.key = key;
        this.expiry = expiry;
    }

    @Override
    public int add(Event event) {
        Long number = StoredNumber.of(event, metric.of());
        if (number == null) {
            return 0;
        }
        int before = totals.size();
        String group = metric.isGrouped() ? GroupKey.of(event, metric.by()) : null;
        total(StateKeys.field(StateKeys.SUM, group)).add(number);
        total(StateKeys.field(StateKeys.COUNT, group)).add(1);
        return totals.size() - before;
    }

    private Cell.Total total(String field) {
        return totals.computeIfAbsent(field, name -> new Cell.Total(name, 0));
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public long expiry() {
        return expiry;
    }

    @Override
    public int size() {
        return totals.size();
    }

    @Override
    public void writeTo(CellWriter writer) {
        Map<String, Long> amounts = HashMap.newHashMap(totals.size());
        totals.forEach((field, total) -> amounts.put(field, total.amount()));
        writer.groupTotals(key, expiry, false, amounts);
    }
}
