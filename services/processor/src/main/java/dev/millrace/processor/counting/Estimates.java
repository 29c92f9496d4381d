package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.HyperLogLog;

import java.util.HashMap;
import java.util.Map;

/**
 * About how many different values: {@code unique} with {@code approximate}. Of the values that
 * belong to one register only the one of the highest rank is kept, for the others change nothing.
 */
final class Estimates extends Cell {
    private final FieldPlan of;
    private final Map<Integer, Best> best = new HashMap<>();

    private record Best(int rank, String value) {}

    Estimates(MeasurePlan metric, String key, long expiry) {
        super(key, expiry);
        this.of = metric.of();
    }

    @Override
    int add(Event event) {
        String value = event.text(of);
        if (value == null) {
            return 0;
        }
        long place = HyperLogLog.place(value);
        int rank = HyperLogLog.rank(place);
        Best known = best.get(HyperLogLog.index(place));
        if (known != null && known.rank() >= rank) {
            return 0;
        }
        best.put(HyperLogLog.index(place), new Best(rank, value));
        return known == null ? 1 : 0;
    }

    @Override
    public void writeTo(CellWriter writer) {
        writer.estimates(key(), expiry(), best.values().stream().map(Best::value).toList());
    }
}
