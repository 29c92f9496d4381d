package dev.millrace.bench.collector;

import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.producer.generate.EventMaker;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The load: batches of synthetic events, made beforehand so that making them costs nothing while
 * measuring.
 *
 * @param batches the events of each batch
 * @param bodies each batch as lines
 */
record Batches(List<List<EventMaker.Made>> batches, List<byte[]> bodies) {
    static Batches of(StreamPlan stream, int count, int size) {
        var maker = new EventMaker(stream, 50_000, 1);
        List<List<EventMaker.Made>> batches = new ArrayList<>();
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<EventMaker.Made> batch = new ArrayList<>();
            var body = new ByteArrayOutputStream();
            for (int j = 0; j < size; j++) {
                EventMaker.Made event = maker.next(System.currentTimeMillis());
                batch.add(event);
                body.writeBytes(event.value());
                body.write('\n');
            }
            batches.add(batch);
            bodies.add(body.toByteArray());
        }
        return new Batches(batches, bodies);
    }

    double bytesPerEvent() {
        long events = batches.stream().mapToLong(List::size).sum();
        long bytes = bodies.stream().mapToLong(body -> body.length).sum();
        return (double) bytes / events - 1;
    }
}
