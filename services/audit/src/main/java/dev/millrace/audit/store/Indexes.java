package dev.millrace.audit.store;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;

import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.FieldName;

import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The indexes of the collection: events by time, failed ones by when they came, and both removed
 * when their retention ends. Recording works without them.
 */
final class Indexes {
    private static final Logger log = LoggerFactory.getLogger(Indexes.class);

    /** MongoDB's codes for an index that is there with the same name or keys, but other options. */
    private static final int OPTIONS_CONFLICT = 85;

    private static final int KEY_SPECS_CONFLICT = 86;

    private static final int NOT_FOUND = 27;

    private final MongoCollection<BsonDocument> collection;
    private final Duration retention;

    Indexes(MongoCollection<BsonDocument> collection, Duration retention) {
        this.collection = collection;
        this.retention = retention;
    }

    /**
     * Makes the indexes that are missing, and changes those whose retention has changed. A refusal
     * is logged.
     *
     * @throws com.mongodb.MongoException where the store does not answer
     */
    void ensure() {
        ensure("events_by_time", keys(AuditDocument.TIME, 1), expiring(new IndexOptions()));
        BsonDocument failed = keys(FieldName.DOC_TYPE, 1);
        failed.put(AuditDocument.TIMESTAMP, new BsonInt32(-1));
        ensure("failed_by_time", failed, ofFailed());
        if (retention == null) {
            drop("failed_expiry");
        } else {
            ensure("failed_expiry", keys(AuditDocument.TIMESTAMP, 1), expiring(ofFailed()));
        }
    }

    private static BsonDocument keys(String field, int order) {
        return new BsonDocument(field, new BsonInt32(order));
    }

    private static IndexOptions ofFailed() {
        return new IndexOptions()
                .partialFilterExpression(Filters.eq(FieldName.DOC_TYPE, AuditDocument.FAILED));
    }

    private IndexOptions expiring(IndexOptions options) {
        return retention == null
                ? options
                : options.expireAfter(retention.toSeconds(), TimeUnit.SECONDS);
    }

    private void ensure(String name, BsonDocument keys, IndexOptions options) {
        try {
            try {
                collection.createIndex(keys, options.name(name));
            } catch (MongoCommandException e) {
                if (e.getErrorCode() != OPTIONS_CONFLICT
                        && e.getErrorCode() != KEY_SPECS_CONFLICT) {
                    throw e;
                }
                collection.dropIndex(keys);
                collection.createIndex(keys, options);
            }
        } catch (MongoCommandException e) {
            log.warn(
                    "No index {} on {}: {}. Events are recorded all the same{}",
                    name,
                    collection.getNamespace(),
                    e.getErrorMessage(),
                    retention == null ? "" : ", but may be kept longer than the retention says");
        }
    }

    /** An index of an earlier retention would go on removing documents. */
    private void drop(String name) {
        try {
            for (BsonDocument index : collection.listIndexes(BsonDocument.class)) {
                if (index.getString("name").getValue().equals(name)) {
                    collection.dropIndex(name);
                }
            }
        } catch (MongoCommandException e) {
            if (e.getErrorCode() == NOT_FOUND) {
                return;
            }
            log.warn(
                    "Index {} on {} may be left of an earlier retention, and remove failed events:"
                            + " {}",
                    name,
                    collection.getNamespace(),
                    e.getErrorMessage());
        }
    }
}
