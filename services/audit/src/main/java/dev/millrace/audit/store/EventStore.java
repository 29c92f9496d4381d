package dev.millrace.audit.store;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.WriteConcern;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.Projections;

import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.Entry;
import dev.millrace.audit.recount.RecordedPositions;

import org.apache.kafka.common.TopicPartition;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The collection of events. Writing an event again does nothing, so whatever is not known to be
 * written may be written again. For one thread at a time.
 */
public final class EventStore {
    private static final Logger log = LoggerFactory.getLogger(EventStore.class);
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    /** How often the record of a refused event is tried before it is given up. */
    private static final int TRIES = 3;

    private static final long PAUSE_MILLIS = 200;

    private final MongoDatabase database;
    private final MongoCollection<BsonDocument> collection;
    private final Indexes indexes;

    /** Partitions of which a document that was there already has been looked at. */
    private final Set<TopicPartition> compared = new HashSet<>();

    private final RecordedPositions positions;
    private boolean indexed;

    /**
     * A collection of events, not touched yet.
     *
     * @param retention how long documents are kept; {@code null}: for ever
     */
    public EventStore(MongoDatabase database, String collection, Duration retention) {
        this.database = database;
        this.collection =
                database.getCollection(collection, BsonDocument.class)
                        .withWriteConcern(acknowledged(database.getWriteConcern()));
        this.indexes = new Indexes(this.collection, retention);
        this.positions =
                new RecordedPositions(
                        database.withWriteConcern(this.collection.getWriteConcern()), collection);
    }

    private static WriteConcern acknowledged(WriteConcern given) {
        return given.isServerDefault() || !given.isAcknowledged() ? WriteConcern.MAJORITY : given;
    }

    /**
     * Returns when the store answers; makes the indexes the first time.
     *
     * @throws StoreUnavailableException where it does not
     */
    public void check() {
        try {
            if (indexed) {
                database.runCommand(new BsonDocument("ping", new BsonInt32(1)));
            } else {
                indexes.ensure();
                indexed = true;
            }
        } catch (MongoException e) {
            throw unavailable(e);
        }
    }

    /**
     * Writes events, and returns when the store has acknowledged them.
     *
     * @throws StoreUnavailableException where it cannot take documents now; some may be written
     */
    public Written write(List<Entry> entries) {
        Tally tally = new Tally();
        insert(entries, tally);
        if (tally.refused > 0) {
            log.warn(
                    "The store refused {} events of {}; they are recorded as failed. The last: {}",
                    tally.refused,
                    entries.size(),
                    tally.lastRefused);
        }
        return tally.written();
    }

    /**
     * Notes how far partitions are recorded.
     *
     * @param recorded the next offset of each: everything before it was written
     * @throws StoreUnavailableException where it cannot take documents now
     */
    public void note(Map<TopicPartition, Long> recorded) {
        try {
            positions.write(recorded);
        } catch (MongoException e) {
            throw unavailable(e);
        }
    }

    private void insert(List<Entry> entries, Tally tally) {
        List<InsertOneModel<BsonDocument>> inserts = new ArrayList<>(entries.size());
        try {
            for (Entry entry : entries) {
                inserts.add(new InsertOneModel<>(AuditDocument.of(entry)));
            }
            collection.bulkWrite(inserts, UNORDERED);
            entries.forEach(tally::recorded);
        } catch (MongoBulkWriteException e) {
            sortOut(entries, e, tally);
        } catch (RuntimeException e) {
            if (!Refusal.isPossible(e)) {
                throw unavailable(e);
            }
            if (entries.size() == 1) {
                insertRefused(entries.getFirst(), reason(e), tally);
                return;
            }
            int half = entries.size() / 2;
            insert(entries.subList(0, half), tally);
            insert(entries.subList(half, entries.size()), tally);
        }
    }

    /** Of an unordered bulk, everything was written that has no error. */
    private void sortOut(List<Entry> entries, MongoBulkWriteException failure, Tally tally) {
        if (failure.getWriteConcernError() != null) {
            throw unavailable(failure);
        }
        BulkWriteError[] errors = new BulkWriteError[entries.size()];
        List<String> doubtful = new ArrayList<>();
        for (BulkWriteError error : failure.getWriteErrors()) {
            errors[error.getIndex()] = error;
            if (error.getCode() != Refusal.DUPLICATE && !Refusal.isPossible(error.getCode())) {
                throw unavailable(failure);
            }
            if (error.getCode() == Refusal.DUPLICATE && !isOfId(error)) {
                doubtful.add(entries.get(error.getIndex()).id());
            }
        }
        Set<String> there = present(doubtful);
        for (int i = 0; i < errors.length; i++) {
            Entry entry = entries.get(i);
            if (errors[i] == null) {
                tally.recorded(entry);
            } else if (errors[i].getCode() == Refusal.DUPLICATE
                    && (isOfId(errors[i]) || there.contains(entry.id()))) {
                tally.duplicates++;
                compare(entry);
            } else {
                insertRefused(entry, errors[i].getMessage(), tally);
            }
        }
    }

    /**
     * Looks once for each partition whether what was there already is the same event: it is not
     * after its topic was made anew, and then new events would pass for recorded ones.
     */
    private void compare(Entry entry) {
        if (!compared.add(entry.partition())) {
            return;
        }
        BsonDocument there;
        try {
            there = collection.find(Filters.eq("_id", entry.id())).first();
        } catch (MongoException e) {
            throw unavailable(e);
        }
        if (there != null && !there.equals(AuditDocument.of(entry))) {
            log.error(
                    "Event {} is recorded already, but as another one. If the topic {} was deleted"
                            + " and made anew, its new events are taken for the old ones and not"
                            + " recorded: rename or drop the collection {}, and restart the audit"
                            + " with the consumer group's offsets reset. If only the manifest has"
                            + " changed, nothing needs to be done",
                    entry.id(),
                    entry.partition().topic(),
                    collection.getNamespace());
        }
    }

    /** Whether the value that was there already is the {@code _id}, not one of another index. */
    private static boolean isOfId(BulkWriteError error) {
        return error.getMessage().contains("index: _id_ ");
    }

    private Set<String> present(List<String> ids) {
        Set<String> present = new HashSet<>();
        if (!ids.isEmpty()) {
            try {
                collection
                        .find(Filters.in("_id", ids))
                        .projection(Projections.include("_id"))
                        .forEach(found -> present.add(found.getString("_id").getValue()));
            } catch (MongoException e) {
                throw unavailable(e);
            }
        }
        return present;
    }

    /**
     * Records an event that the store refused for itself. That its record is taken proves that the
     * store works; where it is not taken either, and not for the record's own sake, all events
     * wait.
     */
    private void insertRefused(Entry entry, String reason, Tally tally) {
        RuntimeException last = null;
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            boolean text = attempt < TRIES;
            try {
                collection.insertOne(AuditDocument.refused(entry, reason, text));
                tally.refused++;
                tally.lastRefused = entry.id() + ": " + reason;
                return;
            } catch (RuntimeException e) {
                boolean taken =
                        e instanceof MongoException known && known.getCode() == Refusal.DUPLICATE;
                if (taken && present(List.of(entry.id())).contains(entry.id())) {
                    tally.duplicates++;
                    return;
                }
                if (!taken && !Refusal.isCertain(e)) {
                    throw unavailable(e);
                }
                last = e;
                pause();
            }
        }
        tally.dropped++;
        log.error(
                "Not recorded: event {} of {} bytes. The store refused it ({}) and every record of"
                        + " it ({}). It stays in Kafka until its topic's retention ends",
                entry.id(),
                entry.value() == null ? 0 : entry.value().length,
                reason,
                reason(last));
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted", e);
        }
    }

    private static StoreUnavailableException unavailable(RuntimeException failure) {
        return new StoreUnavailableException(explain(failure), failure);
    }

    private static String explain(RuntimeException failure) {
        return switch (failure) {
            case MongoSecurityException e ->
                    "Mongo refuses the login: check the user and password in MONGODB_URI";
            case MongoTimeoutException e -> "Mongo does not answer: check that it runs";
            case MongoSocketException e ->
                    "Mongo does not answer, the connection broke: check that it runs";
            case MongoInterruptedException e -> "interrupted";
            case MongoException e when e.getCode() == 13 ->
                    "Mongo refuses the write: give the user in MONGODB_URI the role readWrite";
            case MongoException e when e.getCode() == Refusal.VALIDATION ->
                    "Mongo refuses every record: the collection has a validator that does not allow"
                            + " them; remove it";
            default -> "Mongo does not take events: " + reason(failure);
        };
    }

    private static String reason(RuntimeException failure) {
        String message = failure.getMessage();
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        return line.isEmpty()
                ? failure.getClass().getSimpleName()
                : line.substring(0, Math.min(500, line.length()));
    }

    private static final class Tally {
        private int success;
        private int failed;
        private int duplicates;
        private int refused;
        private int dropped;
        private String lastRefused;

        void recorded(Entry entry) {
            if (entry.rejected() == null) {
                success++;
            } else {
                failed++;
            }
        }

        Written written() {
            return new Written(success, failed, duplicates, refused, dropped);
        }
    }
}
