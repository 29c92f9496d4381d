package dev.millrace.audit.recount;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;

import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.EventJson;
import dev.millrace.audit.document.FieldName;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.bson.BsonDateTime;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts buckets again from the recorded events alone, up to given positions in Kafka: so a bucket
 * that is still filling can be compared too. Safe for use by many threads.
 */
public final class BucketRecount {
    private static final int BATCH = 1_000;

    private final MongoCollection<RawBsonDocument> events;

    /** A recount from the collection that an audit writes. */
    public BucketRecount(MongoDatabase database, String events) {
        this.events = database.getCollection(events, RawBsonDocument.class);
    }

    /** The recount took longer than it may. */
    public static final class TooLongException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Whether a metric's buckets can be counted again. */
    public static boolean isPossible(MeasurePlan metric) {
        return BucketCount.isPossible(metric);
    }

    /**
     * Counts buckets of metrics of one stream, reading its events once.
     *
     * @param positions of each of the topic's partitions, by {@code TOPIC:PARTITION}, the first
     *     offset that does not count; nothing counts of partitions without one
     * @param deadline on {@link System#nanoTime}'s clock
     * @throws TooLongException when the deadline passes
     * @throws ArithmeticException when a sum goes beyond 64 bits
     * @throws com.mongodb.MongoException where the store does not answer
     */
    public Map<Bucket, Contents> count(
            StreamPlan stream,
            Collection<Bucket> buckets,
            Map<String, Long> positions,
            long deadline)
            throws TooLongException {
        Map<Bucket, BucketCount> counts = HashMap.newHashMap(buckets.size());
        buckets.forEach(bucket -> counts.put(bucket, new BucketCount(bucket.metric())));
        EventDecoder decoder = new EventDecoder(stream);
        List<Part> parts = parts(counts);
        try (MongoCursor<RawBsonDocument> found =
                events.find(valid(stream, buckets))
                        .projection(declared(stream))
                        .batchSize(BATCH)
                        .iterator()) {
            while (found.hasNext()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new TooLongException();
                }
                RawBsonDocument document = found.next();
                if (isBefore(positions, document.getString("_id").getValue())) {
                    add(document, decoder, parts);
                }
            }
        }
        Map<Bucket, Contents> contents = HashMap.newHashMap(buckets.size());
        counts.forEach((bucket, count) -> contents.put(bucket, count.contents()));
        return contents;
    }

    /** The buckets of one metric and granularity, by their starts. */
    private record Part(Granularity granularity, Map<Long, BucketCount> byStart) {}

    private static List<Part> parts(Map<Bucket, BucketCount> counts) {
        Map<String, Part> parts = new HashMap<>();
        counts.forEach(
                (bucket, count) ->
                        parts.computeIfAbsent(
                                        bucket.metric().name() + ":" + bucket.granularity(),
                                        name -> new Part(bucket.granularity(), new HashMap<>()))
                                .byStart()
                                .put(bucket.start(), count));
        return List.copyOf(parts.values());
    }

    private static void add(RawBsonDocument document, EventDecoder decoder, List<Part> parts) {
        long time = document.getDateTime(AuditDocument.TIME).getValue();
        Event event = null;
        for (Part part : parts) {
            BucketCount count = part.byStart().get(part.granularity().start(time));
            if (count != null) {
                if (event == null) {
                    // One that is not valid by this plan, as after a change of fields, counts for
                    // nothing: the processor does not count it either.
                    if (!(decoder.decode(EventJson.of(document), time) instanceof Event valid)) {
                        return;
                    }
                    event = valid;
                }
                count.add(event);
            }
        }
    }

    /** Whether an event, {@code TOPIC:PARTITION:OFFSET}, is before the position there. */
    private static boolean isBefore(Map<String, Long> positions, String id) {
        int colon = id.lastIndexOf(':');
        Long position = positions.get(id.substring(0, colon));
        return position != null && Long.parseLong(id, colon + 1, id.length(), 10) < position;
    }

    private static Bson valid(StreamPlan stream, Collection<Bucket> buckets) {
        long from = buckets.stream().mapToLong(Bucket::start).min().orElseThrow();
        long to = buckets.stream().mapToLong(Bucket::end).max().orElseThrow();
        List<Bson> filters = new ArrayList<>();
        filters.add(Filters.eq(FieldName.DOC_TYPE, AuditDocument.SUCCESS));
        if (to < Long.MAX_VALUE) {
            filters.add(Filters.gte(AuditDocument.TIME, new BsonDateTime(from)));
            filters.add(Filters.lt(AuditDocument.TIME, new BsonDateTime(to)));
        }
        // All ids of a topic: ';' comes right after ':', which no topic's name has.
        filters.add(Filters.gte("_id", stream.topic().name() + ":"));
        filters.add(Filters.lt("_id", stream.topic().name() + ";"));
        return Filters.and(filters);
    }

    private static Bson declared(StreamPlan stream) {
        List<String> names = new ArrayList<>(List.of(AuditDocument.TIME));
        stream.schema().fields().stream()
                .map(field -> FieldName.encode(field.path().getFirst(), true))
                .distinct()
                .forEach(names::add);
        return Projections.include(names);
    }

    /**
     * How many valid events the store has refused, which are recorded as failed: they were counted,
     * and are missed by a recount.
     */
    public long refused(StreamPlan stream) {
        return events.countDocuments(
                Filters.and(
                        Filters.eq(FieldName.DOC_TYPE, AuditDocument.FAILED),
                        Filters.eq("_cause", AuditDocument.REFUSED),
                        Filters.gte("_id", stream.topic().name() + ":"),
                        Filters.lt("_id", stream.topic().name() + ";")));
    }
}
