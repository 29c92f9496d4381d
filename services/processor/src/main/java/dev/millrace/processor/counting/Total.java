package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;

/** One number: {@code count} and {@code sum}. */
final class Total extends Cell {
    private final Counted counted;
    private final Amount amount = new Amount();

    Total(MeasurePlan metric, String key, long expiry) {
        super(key, expiry);
        this.counted = new Counted(metric);
    }

    @Override
    int add(Event event) {
        amount.add(counted.of(event));
        return 0;
    }

    @Override
    public void writeTo(CellWriter writer) {
        writer.total(key(), expiry(), amount.value());
    }
}
