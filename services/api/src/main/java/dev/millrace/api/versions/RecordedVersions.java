package dev.millrace.api.versions;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;

import dev.millrace.api.mongo.MongoStore;
import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.EventJson;
import dev.millrace.audit.document.FieldName;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.LatestPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.state.Row;

import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/**
 * Finds the recorded events of a row, by a connection that is made when it is first used. Safe for
 * use by many threads.
 */
public final class RecordedVersions implements AutoCloseable {
    private static final int LONGEST_SECONDS = 10;

    private final Plan plan;
    private final MongoStore mongo;
    private final String collection;

    /**
     * A way that is not taken yet.
     *
     * @param mongo where events are, closed with this
     * @param collection where the audit writes
     */
    RecordedVersions(Plan plan, MongoStore mongo, String collection) {
        this.plan = plan;
        this.mongo = mongo;
        this.collection = collection;
    }

    /** Why there are none of a metric; empty where there may be. */
    Optional<String> obstacle(MeasurePlan metric) {
        if (!mongo.isGiven()) {
            return Optional.of("MONGODB_URI is not set, so the API has no store of events");
        }
        return switch (metric.latest().key().type()) {
            case string, integer, bool -> Optional.empty();
            default ->
                    Optional.of(
                            "its key is of type %s, and only rows by a string, an integer or a boolean are found"
                                    .formatted(metric.latest().key().type()));
        };
    }

    /**
     * The versions of a row, newest first.
     *
     * @param skipped how many are left out before them
     * @throws com.mongodb.MongoException where the store does not answer in time
     */
    List<Version> find(MeasurePlan metric, String key, int skipped, int most) {
        LatestPlan latest = metric.latest();
        StreamPlan stream = plan.stream(metric.stream()).orElseThrow();
        Object value = value(latest.key(), key);
        if (value == null) {
            return List.of();
        }
        String topic = stream.topic().name();
        // Ids of one topic, by the sign behind the colon; the key alone could be that of another
        // stream.
        Bson filter =
                Filters.and(
                        Filters.eq(path(latest.key()), value),
                        Filters.eq(FieldName.DOC_TYPE, AuditDocument.SUCCESS),
                        Filters.gte("_id", topic + ":"),
                        Filters.lt("_id", topic + ";"));
        EventDecoder decoder = new EventDecoder(stream);
        List<Version> versions = new ArrayList<>();
        events().find(filter)
                .sort(Sorts.descending(AuditDocument.TIME, "_id"))
                .skip(skipped)
                .limit(most)
                .maxTime(LONGEST_SECONDS, TimeUnit.SECONDS)
                .forEach(document -> versions.add(version(document, decoder, latest)));
        return versions;
    }

    private static Version version(
            RawBsonDocument document, EventDecoder decoder, LatestPlan latest) {
        byte[] event = EventJson.of(document);
        long time = document.getDateTime(AuditDocument.TIME).getValue();
        Row row =
                decoder.decode(event, time) instanceof Event decoded
                        ? Row.of(decoded, latest)
                        : null;
        return new Version(document.getString("_id").getValue(), time, row, event);
    }

    /** As events hold it; {@code null} for a text that the field cannot be. */
    private static Object value(FieldPlan field, String key) {
        if (field.type() == FieldType.string) {
            return key;
        }
        if (field.type() == FieldType.bool) {
            return key.equals("true") || key.equals("false") ? Boolean.valueOf(key) : null;
        }
        try {
            return Long.valueOf(key);
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static String path(FieldPlan field) {
        StringJoiner path = new StringJoiner(".");
        for (int i = 0; i < field.path().size(); i++) {
            path.add(FieldName.encode(field.path().get(i), i == 0));
        }
        return path.toString();
    }

    private MongoCollection<RawBsonDocument> events() {
        return mongo.database().getCollection(collection, RawBsonDocument.class);
    }

    @Override
    public void close() {
        mongo.close();
    }
}
