package dev.millrace.audit.recount;

import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.EventJson;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.StreamPlan;

import org.bson.RawBsonDocument;

import java.util.Collection;
import java.util.List;
import java.util.function.LongFunction;

/** Counts recorded events of one stream into the buckets that they belong to. For one thread. */
final class BucketCounts {
    private final EventDecoder decoder;
    private final List<Part> parts;
    private final Spent spent;

    /**
     * The buckets of one metric and size.
     *
     * @param byStart the count of one; {@code null} for one that is not wanted
     */
    record Part(Granularity granularity, LongFunction<BucketCount> byStart) {}

    BucketCounts(StreamPlan stream, Collection<Part> parts, Spent spent) {
        this.decoder = new EventDecoder(stream);
        this.parts = List.copyOf(parts);
        this.spent = spent;
    }

    /**
     * Counts a recorded valid event.
     *
     * @throws ArithmeticException when a sum goes beyond 64 bits
     */
    void add(RawBsonDocument document) throws TooMuchException {
        long time = document.getDateTime(AuditDocument.TIME).getValue();
        Event event = null;
        for (Part part : parts) {
            BucketCount count = part.byStart().apply(part.granularity().start(time));
            if (count != null) {
                if (event == null) {
                    // One that is not valid by this plan, as after a change of fields, counts for
                    // nothing: the processor does not count it either.
                    if (!(decoder.decode(EventJson.of(document), time) instanceof Event valid)) {
                        return;
                    }
                    event = valid;
                }
                long before = count.entries();
                count.add(event);
                spent.entries(count.entries() - before);
            }
        }
    }
}
