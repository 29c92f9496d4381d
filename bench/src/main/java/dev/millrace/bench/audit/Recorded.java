package dev.millrace.bench.audit;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;

import dev.millrace.bench.Measured;

import org.bson.Document;
import org.bson.RawBsonDocument;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is in the store. */
final class Recorded implements AutoCloseable {
    static final String COLLECTION = "events";

    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final MongoClient client;
    private final MongoDatabase database;
    private final MongoCollection<RawBsonDocument> events;

    Recorded(String uri, String database) {
        this.client = MongoClients.create(uri);
        this.database = client.getDatabase(database);
        this.events = this.database.getCollection(COLLECTION, RawBsonDocument.class);
    }

    /** Waits until there are so many documents; gives how many there are. */
    long await(long count, Measured process) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long there;
        while ((there = events.estimatedDocumentCount()) < count) {
            process.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Only %d of %d documents are there; the process said:%n%s"
                                .formatted(there, count, process.output()));
            }
            Thread.sleep(20);
        }
        return there;
    }

    /** Fails where it is not so many, all of them valid events. */
    void check(long count) {
        long valid = events.countDocuments(Filters.eq("doc_type", "success"));
        if (valid != count || events.estimatedDocumentCount() != count) {
            throw new IllegalStateException(
                    "%d valid events are recorded, and %d documents, instead of %d"
                            .formatted(valid, events.estimatedDocumentCount(), count));
        }
    }

    /** The indexes that the audit has declared. */
    List<Document> indexes() {
        List<Document> declared = new ArrayList<>();
        for (Document index : events.listIndexes()) {
            if (!index.getString("name").equals("_id_")) {
                index.remove("ns");
                declared.add(index);
            }
        }
        return declared;
    }

    /** Declares indexes, before there are documents. */
    void declare(List<Document> indexes) {
        database.runCommand(new Document("createIndexes", COLLECTION).append("indexes", indexes));
    }

    /** All documents, in no order. */
    Iterable<RawBsonDocument> all() {
        return events.find().batchSize(5_000);
    }

    @Override
    public void close() {
        client.close();
    }
}
