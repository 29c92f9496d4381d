package dev.millrace.audit.recount;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;

import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.FieldName;
import dev.millrace.pipeline.plan.StreamPlan;

import org.bson.BsonDateTime;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

import java.util.ArrayList;
import java.util.List;

/** The collection of events, as a recount reads it. Safe for use by many threads. */
final class RecordedEvents {
    private static final int BATCH = 1_000;

    private final MongoCollection<RawBsonDocument> events;

    RecordedEvents(MongoDatabase database, String events) {
        this(database.getCollection(events));
    }

    RecordedEvents(MongoCollection<?> events) {
        this.events = events.withDocumentClass(RawBsonDocument.class);
    }

    MongoCollection<RawBsonDocument> collection() {
        return events;
    }

    /** Documents with what an event of a stream is decoded from. */
    FindIterable<RawBsonDocument> find(StreamPlan stream, Bson filter) {
        return events.find(filter).projection(declared(stream)).batchSize(BATCH);
    }

    /**
     * Valid events of a time.
     *
     * @param from inclusive, in milliseconds since 1970; 0 for no bound
     * @param to exclusive; {@link Long#MAX_VALUE} for no bound
     */
    static Bson valid(StreamPlan stream, long from, long to) {
        List<Bson> filters = new ArrayList<>();
        filters.add(Filters.eq(FieldName.DOC_TYPE, AuditDocument.SUCCESS));
        if (from > 0) {
            filters.add(Filters.gte(AuditDocument.TIME, new BsonDateTime(from)));
        }
        if (to < Long.MAX_VALUE) {
            filters.add(Filters.lt(AuditDocument.TIME, new BsonDateTime(to)));
        }
        filters.add(ofTopic(stream));
        return Filters.and(filters);
    }

    /** All ids of a topic: ';' comes right after ':', which no topic's name has. */
    static Bson ofTopic(StreamPlan stream) {
        return Filters.and(
                Filters.gte("_id", stream.topic().name() + ":"),
                Filters.lt("_id", stream.topic().name() + ";"));
    }

    private static Bson declared(StreamPlan stream) {
        List<String> names =
                new ArrayList<>(List.of(AuditDocument.TIME, FieldName.DOC_TYPE, "_cause"));
        stream.schema().fields().stream()
                .map(field -> FieldName.encode(field.path().getFirst(), true))
                .distinct()
                .forEach(names::add);
        return Projections.include(names);
    }
}
