package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.Row;

import java.util.HashMap;
import java.util.Map;

/** The newest event of each key: {@code latest}. Never expires. */
final class Rows implements EventCell {
    private final MeasurePlan metric;
    private final String key;
    private final Map<String, Row> rows = new HashMap<>();

    Rows(MeasurePlan metric, String key) {
        this.metric = metric;
        this.key = key;
    }

    /** Takes the events of one partition in their order: of one time the later one is newer. */
    @Override
    public int add(Event event) {
        String name = event.text(metric.latest().key());
        if (name == null) {
            return 0;
        }
        Row known = rows.get(name);
        if (known == null || event.time() >= known.time()) {
            rows.put(name, Row.of(event, metric.latest()));
        }
        return known == null ? 1 : 0;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public long expiry() {
        return 0;
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public void writeTo(CellWriter writer) {
        writer.rows(key, metric.latest().rows(), rows);
    }
}
