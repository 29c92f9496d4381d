package dev.millrace.audit.recount;

import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;

import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.FieldName;
import dev.millrace.audit.recount.BucketCounts.Part;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Counts buckets again from the recorded events alone, up to given positions in Kafka: so a bucket
 * that is still filling can be compared too. Safe for use by many threads.
 */
public final class BucketRecount {
    private final RecordedEvents events;

    /** A recount from the collection that an audit writes. */
    public BucketRecount(MongoDatabase database, String events) {
        this.events = new RecordedEvents(database, events);
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
     * @throws TooMuchException when it takes more than it may
     * @throws ArithmeticException when a sum goes beyond 64 bits
     * @throws com.mongodb.MongoException where the store does not answer
     */
    public Map<Bucket, Contents> count(
            StreamPlan stream,
            Collection<Bucket> buckets,
            Map<String, Long> positions,
            RecountLimits limits)
            throws TooMuchException {
        Map<Bucket, BucketCount> counts = HashMap.newHashMap(buckets.size());
        buckets.forEach(bucket -> counts.put(bucket, new BucketCount(bucket.metric())));
        Spent spent = new Spent(limits);
        BucketCounts parts = new BucketCounts(stream, parts(counts), spent);
        try (MongoCursor<RawBsonDocument> found =
                events.find(stream, valid(stream, buckets)).iterator()) {
            while (found.hasNext()) {
                spent.record();
                RawBsonDocument document = found.next();
                RecordId id = RecordId.of(document);
                if (id.offset() < positions.getOrDefault(id.partition(), 0L)) {
                    parts.add(document);
                }
            }
        }
        Map<Bucket, Contents> contents = HashMap.newHashMap(buckets.size());
        counts.forEach((bucket, count) -> contents.put(bucket, count.contents()));
        return contents;
    }

    private static List<Part> parts(Map<Bucket, BucketCount> counts) {
        Map<String, Map<Long, BucketCount>> byStart = new HashMap<>();
        Map<String, Part> parts = new HashMap<>();
        counts.forEach(
                (bucket, count) -> {
                    String name = bucket.metric().name() + ":" + bucket.granularity();
                    Map<Long, BucketCount> starts =
                            byStart.computeIfAbsent(name, any -> new HashMap<>());
                    starts.put(bucket.start(), count);
                    parts.putIfAbsent(name, new Part(bucket.granularity(), starts::get));
                });
        return List.copyOf(parts.values());
    }

    private static Bson valid(StreamPlan stream, Collection<Bucket> buckets) {
        return RecordedEvents.valid(
                stream,
                buckets.stream().mapToLong(Bucket::start).min().orElseThrow(),
                buckets.stream().mapToLong(Bucket::end).max().orElseThrow());
    }

    /**
     * Whether reading buckets takes more documents than it may, as far as the store can tell that
     * without reading them.
     */
    public boolean isTooMuch(StreamPlan stream, Collection<Bucket> buckets, long records) {
        if (events.collection().estimatedDocumentCount() <= records) {
            return false;
        }
        int most = (int) Math.min(Integer.MAX_VALUE, records + 1);
        return events.collection()
                        .countDocuments(valid(stream, buckets), new CountOptions().limit(most))
                > records;
    }

    /** The highest event time of a stream, in milliseconds since 1970; empty without any. */
    public OptionalLong newest(StreamPlan stream) {
        RawBsonDocument newest =
                events.collection()
                        .find(RecordedEvents.valid(stream, 0, Long.MAX_VALUE))
                        .projection(Projections.include(AuditDocument.TIME))
                        .sort(Sorts.descending(AuditDocument.TIME))
                        .first();
        return newest == null
                ? OptionalLong.empty()
                : OptionalLong.of(newest.getDateTime(AuditDocument.TIME).getValue());
    }

    /**
     * How many valid events the store has refused, which are recorded as failed: they were counted,
     * and are missed by a recount.
     */
    public long refused(StreamPlan stream) {
        return events.collection()
                .countDocuments(
                        Filters.and(
                                Filters.eq(FieldName.DOC_TYPE, AuditDocument.FAILED),
                                Filters.eq("_cause", AuditDocument.REFUSED),
                                RecordedEvents.ofTopic(stream)));
    }
}
