package dev.millrace.embedded;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;

import org.bson.Document;
import org.bson.conversions.Bson;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * A JVM with a store of so many events that a small heap holds but a part of them. Asks what audit,
 * API and bench ask, and prints what came back. Argument: a folder.
 */
final class LargeCollection {

    static final int EVENTS = 100_000;

    private static final int BATCH = 1_000;
    private static final long START = 1_800_000_000_000L;

    private LargeCollection() {}

    static void main(String[] args) {
        try (var mongo = EmbeddedMongo.start(Path.of(args[0]), 0, "audit");
                var client = MongoClients.create(mongo.uri())) {
            var events = client.getDatabase("audit").getCollection("events");
            events.createIndex(
                    Indexes.ascending("_time"), new IndexOptions().name("events_by_time"));
            for (var from = 0; from < EVENTS; from += BATCH) {
                List<Document> batch = new ArrayList<>();
                for (var i = from; i < from + BATCH; i++) {
                    batch.add(event(i));
                }
                events.insertMany(batch);
            }
            ask(events);
        }
    }

    private static Document event(int i) {
        return new Document("_id", "clicks:%d:%d".formatted(i % 4, i / 4))
                .append("doc_type", "success")
                .append("_time", new Date(START + i * 10L))
                .append("page", "/products/" + i % 100)
                .append("text", Integer.toString(i).repeat(40));
    }

    private static void ask(MongoCollection<Document> events) {
        var minute =
                Filters.and(
                        Filters.eq("doc_type", "success"),
                        Filters.gte("_time", new Date(START + 120_000)),
                        Filters.lt("_time", new Date(START + 180_000)),
                        ofTopic());
        var all = Filters.and(Filters.eq("doc_type", "success"), ofTopic());
        var page = Filters.and(Filters.eq("page", "/products/7"), all);
        var offsets =
                Filters.and(
                        Filters.gte("_id", "clicks:1:5000"), Filters.lte("_id", "clicks:1:5099"));
        print("counted", events.countDocuments(Filters.eq("doc_type", "success")));
        print(
                "counted of a minute",
                events.countDocuments(minute, new CountOptions().limit(1_000)));
        print("counted without an index", events.countDocuments(Filters.eq("page", "/products/7")));
        print("read of a minute", read(events.find(minute).batchSize(BATCH)));
        print("read of offsets", read(events.find(Filters.or(offsets)).batchSize(BATCH)));
        print("read", read(events.find().batchSize(5_000)));
        print("read of a topic", read(events.find(all).projection(Projections.include("_time"))));
        print("newest", newest(events.find(all).sort(Sorts.descending("_time"))));
        print("newest of a page", newest(events.find(page).sort(Sorts.descending("_time", "_id"))));
        print("sorted by an index", read(events.find(all).sort(Sorts.ascending("_time"))));
        print("sorted without an index", read(events.find(page).sort(Sorts.descending("text"))));
        print(
                "first without an index",
                read(events.find(all).sort(Sorts.descending("text")).limit(50)));
    }

    private static Bson ofTopic() {
        return Filters.and(Filters.gte("_id", "clicks:"), Filters.lt("_id", "clicks;"));
    }

    private static long newest(FindIterable<Document> events) {
        return (events.first().getDate("_time").getTime() - START) / 10;
    }

    private static int read(FindIterable<Document> documents) {
        var read = 0;
        for (var _ : documents) {
            read++;
        }
        return read;
    }

    private static void print(String question, long answer) {
        System.out.println(question + ": " + answer);
    }
}
