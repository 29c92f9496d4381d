package dev.millrace.audit.recount;

import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;

import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.FieldName;
import dev.millrace.audit.recount.BucketCounts.Part;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what was recorded between two positions in Kafka, whatever its time: that comes on top of
 * numbers that are right at the first of them. Events are found by their ids, so it takes as long
 * as there are new ones. Safe for use by many threads.
 */
public final class AddedRecount {
    private final RecordedEvents events;

    /** A recount from the collection that an audit writes. */
    public AddedRecount(MongoDatabase database, String events) {
        this.events = new RecordedEvents(database, events);
    }

    /** Which buckets are of interest. */
    public interface Wanted {
        /** Says so of one. */
        boolean takes(MeasurePlan metric, Granularity granularity, long start);
    }

    /**
     * Counts.
     *
     * @param metrics of the stream
     * @param from for each of the topic's partitions, by {@code TOPIC:PARTITION}, the first offset
     *     that counts; 0 where it is not there
     * @param to the first offset that does not count any more; nothing counts of other partitions
     * @throws TooMuchException when it takes more than it may
     * @throws ArithmeticException when a sum goes beyond 64 bits
     * @throws com.mongodb.MongoException where the store does not answer
     */
    public Added count(
            StreamPlan stream,
            Collection<MeasurePlan> metrics,
            Map<String, Long> from,
            Map<String, Long> to,
            Wanted wanted,
            RecountLimits limits)
            throws TooMuchException {
        List<Bson> ranges = new ArrayList<>();
        to.forEach(
                (partition, end) ->
                        ranges.addAll(ranges(partition, from.getOrDefault(partition, 0L), end)));
        Map<Bucket, BucketCount> counts = new HashMap<>();
        Map<String, Long> newest = new HashMap<>();
        Map<String, Long> failed = new HashMap<>();
        long valid = 0;
        Spent spent = new Spent(limits);
        BucketCounts parts = new BucketCounts(stream, parts(metrics, wanted, counts), spent);
        if (!ranges.isEmpty()) {
            try (MongoCursor<RawBsonDocument> found =
                    events.find(stream, Filters.or(ranges)).iterator()) {
                while (found.hasNext()) {
                    spent.record();
                    RawBsonDocument document = found.next();
                    RecordId id = RecordId.of(document);
                    if (id.offset() < from.getOrDefault(id.partition(), 0L)
                            || id.offset() >= to.getOrDefault(id.partition(), 0L)) {
                        continue;
                    }
                    String type = document.getString(FieldName.DOC_TYPE).getValue();
                    if (type.equals(AuditDocument.SUCCESS)) {
                        valid++;
                        parts.add(document);
                        newest.merge(
                                id.partition(),
                                document.getDateTime(AuditDocument.TIME).getValue(),
                                Math::max);
                    } else {
                        failed.merge(document.getString("_cause").getValue(), 1L, Long::sum);
                    }
                }
            }
        }
        Map<Bucket, Contents> contents = HashMap.newHashMap(counts.size());
        counts.forEach((bucket, count) -> contents.put(bucket, count.contents()));
        Long refused = failed.remove(AuditDocument.REFUSED);
        return new Added(contents, newest, valid, failed, refused == null ? 0 : refused);
    }

    private static List<Part> parts(
            Collection<MeasurePlan> metrics, Wanted wanted, Map<Bucket, BucketCount> counts) {
        List<Part> parts = new ArrayList<>();
        for (MeasurePlan metric : metrics) {
            for (Granularity granularity : metric.granularities()) {
                Map<Long, BucketCount> byStart = new HashMap<>();
                parts.add(
                        new Part(
                                granularity,
                                start -> {
                                    BucketCount count = byStart.get(start);
                                    if (count == null && wanted.takes(metric, granularity, start)) {
                                        count = new BucketCount(metric);
                                        byStart.put(start, count);
                                        counts.put(new Bucket(metric, granularity, start), count);
                                    }
                                    return count;
                                }));
            }
        }
        return parts;
    }

    /**
     * Ids of a partition between two offsets. Ids are ordered as texts: only those of as many
     * digits are ordered by their offsets. Among them are some shorter and longer ones.
     *
     * @param to exclusive
     */
    static List<Bson> ranges(String partition, long from, long to) {
        List<Bson> ranges = new ArrayList<>();
        long least = from;
        while (least < to) {
            long digits = Long.toString(least).length();
            // beyond 18 digits, the largest number with as many is the largest there is
            long most = digits > 18 ? Long.MAX_VALUE : (long) Math.pow(10, digits) - 1;
            long last = Math.min(most, to - 1);
            ranges.add(
                    Filters.and(
                            Filters.gte("_id", partition + ":" + least),
                            Filters.lte("_id", partition + ":" + last)));
            least = last == Long.MAX_VALUE ? to : last + 1;
        }
        return ranges;
    }
}
