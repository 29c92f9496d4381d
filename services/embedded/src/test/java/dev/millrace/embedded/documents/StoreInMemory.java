package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.bson.Document;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;

import org.h2.mvstore.MVStore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A store without its server, asked by commands as they come over the wire. */
final class StoreInMemory implements AutoCloseable {

    static final String DATABASE = "test";

    private final Channel channel = new EmbeddedChannel();
    private final MVStore file;
    private final DocumentStore store;

    private StoreInMemory(MVStore file) {
        this.file = file;
        this.store = new DocumentStore(file);
    }

    /** On a file, or in memory for {@code null}. */
    static StoreInMemory open(Path path) {
        return new StoreInMemory(MVStore.open(path == null ? null : path.toString()));
    }

    DocumentStore store() {
        return store;
    }

    MVStore file() {
        return file;
    }

    Document command(String name, Object value, Document rest) {
        var command = new Document(name, value);
        command.putAll(rest);
        return store.handleCommand(channel, DATABASE, name, command);
    }

    void index(String collection, String name, Document keys, Document options) {
        var description = new Document("key", keys).append("name", name);
        description.putAll(options);
        command("createIndexes", collection, new Document("indexes", List.of(description)));
    }

    void insert(String collection, List<Document> documents) {
        var reply =
                command(
                        "insert",
                        collection,
                        new Document("documents", documents).append("ordered", false));
        if (reply.containsKey("writeErrors")) {
            throw new IllegalStateException(reply.toString());
        }
    }

    void rename(String collection, String newName) {
        var command =
                new Document("renameCollection", DATABASE + "." + collection)
                        .append("to", DATABASE + "." + newName);
        store.handleCommand(channel, "admin", "renameCollection", command);
    }

    /** All documents that a find gives, in batches. */
    List<Document> find(String collection, Document find) {
        List<Document> found = new ArrayList<>();
        var cursor = (Document) command("find", collection, find).get("cursor");
        found.addAll(documents(cursor.get("firstBatch")));
        while ((long) cursor.get("id") != 0) {
            var more = new Document("collection", collection);
            if (find.containsKey("batchSize")) {
                more.append("batchSize", find.get("batchSize"));
            }
            cursor = (Document) command("getMore", cursor.get("id"), more).get("cursor");
            found.addAll(documents(cursor.get("nextBatch")));
        }
        return found;
    }

    List<Document> aggregate(String collection, List<Document> pipeline) {
        var reply =
                command(
                        "aggregate",
                        collection,
                        new Document("pipeline", pipeline).append("cursor", new Document()));
        return documents(((Document) reply.get("cursor")).get("firstBatch"));
    }

    @SuppressWarnings("unchecked")
    private static List<Document> documents(Object batch) {
        return (List<Document>) batch;
    }

    @Override
    public void close() {
        store.close();
    }
}
