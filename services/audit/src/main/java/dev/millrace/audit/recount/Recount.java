package dev.millrace.audit.recount;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;

import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.EventJson;
import dev.millrace.pipeline.event.Decoded;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.bson.RawBsonDocument;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts metrics again from the recorded events alone: a proof of the live numbers, which come
 * another way. Documents are read one after the other; only groups and different values are held in
 * memory. Safe for use by many threads.
 */
public final class Recount {
    private final Plan plan;
    private final RecordedEvents events;

    private Recount(Plan plan, RecordedEvents events) {
        this.plan = plan;
        this.events = events;
    }

    /** A recount of a plan's metrics from the collection that its audit writes. */
    public static Recount of(Plan plan, MongoCollection<?> events) {
        return new Recount(plan, new RecordedEvents(events));
    }

    /**
     * Counts one metric.
     *
     * @param from first event time that belongs to it, in milliseconds since 1970; 0 for no bound
     * @param to first event time after it; {@link Long#MAX_VALUE} for no bound
     * @throws IllegalArgumentException for other measures than count, sum and unique
     * @throws IllegalStateException where there are more than 2,000,000 different values or groups
     * @throws com.mongodb.MongoException where the store does not answer
     */
    public Counted measure(MeasurePlan metric, long from, long to) {
        Span span = new Span(metric, from, to);
        return measure(List.of(span)).get(span);
    }

    /** Counts several, reading each stream's events once. As {@link #measure} of one. */
    public Map<Span, Counted> measure(Collection<Span> spans) {
        Map<Span, Count> counts = new LinkedHashMap<>();
        spans.forEach(span -> counts.put(span, Count.of(span.metric())));
        Map<Span, Counted> counted = new LinkedHashMap<>();
        for (StreamPlan stream : plan.streams()) {
            Map<Span, Count> own = new LinkedHashMap<>(counts);
            own.keySet().removeIf(span -> !span.metric().stream().equals(stream.name()));
            if (!own.isEmpty()) {
                read(stream, own);
                own.forEach((span, count) -> counted.put(span, count.counted()));
            }
        }
        return counted;
    }

    private void read(StreamPlan stream, Map<Span, Count> counts) {
        EventDecoder decoder = new EventDecoder(stream);
        long from = counts.keySet().stream().mapToLong(Span::from).min().orElseThrow();
        long to = counts.keySet().stream().mapToLong(Span::to).max().orElseThrow();
        try (MongoCursor<RawBsonDocument> found =
                events.find(stream, RecordedEvents.valid(stream, from, to)).iterator()) {
            while (found.hasNext()) {
                RawBsonDocument document = found.next();
                long time = document.getDateTime(AuditDocument.TIME).getValue();
                Decoded decoded = decoder.decode(EventJson.of(document), time);
                counts.forEach(
                        (span, count) -> {
                            if (span.holds(time)) {
                                add(decoded, count);
                            }
                        });
            }
        }
    }

    private static void add(Decoded decoded, Count count) {
        switch (decoded) {
            case Event event -> count.add(event);
            case Rejected rejected -> count.addUnreadable();
        }
    }
}
