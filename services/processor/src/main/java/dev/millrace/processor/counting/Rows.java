package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.Row;

import java.util.HashMap;
import java.util.Map;

/** The newest event of each key: {@code latest}. Never expires. */
final class Rows extends Cell {
    private final MeasurePlan metric;
    private final Map<String, Row> rows = new HashMap<>();

    Rows(MeasurePlan metric, String key) {
        super(key, 0);
        this.metric = metric;
    }

    /** Takes the events of one partition in their order: of one time the later one is newer. */
    @Override
    int add(Event event) {
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
    public void writeTo(CellWriter writer) {
        writer.rows(key(), metric.latest().rows(), rows);
    }
}
