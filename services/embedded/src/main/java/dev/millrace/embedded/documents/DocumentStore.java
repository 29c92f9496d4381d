package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;

import io.netty.channel.Channel;

import org.h2.mvstore.MVStore;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Databases in one file, with documents and keys as BSON. */
public final class DocumentStore extends H2Backend {

    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "findandmodify");

    private final Map<String, DocumentDatabase> databases;
    private final Expiry expiry;

    /** What a file holds; it is closed with this. */
    public DocumentStore(MVStore file) {
        // The constructor above already opens databases.
        this.databases = new ConcurrentHashMap<>();
        super(file);
        version(new Version());
        this.expiry = new Expiry(databases.values(), file);
    }

    /**
     * What the store tells clients that it is. The library's own 5.0 goes with the wire version of
     * 4.2, which today's clients refuse.
     */
    private record Version() implements MongoVersion {
        @Override
        public List<Integer> getVersionArray() {
            return List.of(5, 0, 0);
        }

        @Override
        public int getWireVersion() {
            return 13;
        }
    }

    /**
     * Knows {@code hello} too, which today's clients ask for the health of a server, and keeps what
     * it has acknowledged.
     */
    @Override
    public Document handleCommand(
            Channel channel, String databaseName, String command, Document query) {
        if (command.equalsIgnoreCase("hello")) {
            return super.handleCommand(channel, databaseName, "ismaster", query)
                    .append("isWritablePrimary", true);
        }
        var reply = super.handleCommand(channel, databaseName, command, query);
        if (WRITES.contains(command.toLowerCase(Locale.ROOT))) {
            // What is acknowledged is in the file: whoever wrote it may forget it, and the process
            // may be killed.
            getMvStore().commit();
        }
        return reply;
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
        // the library asks for those that are there, too
        return databases.computeIfAbsent(
                name,
                any ->
                        new DocumentDatabase(
                                name,
                                getMvStore(),
                                getCursorRegistry(),
                                new OpenCursors(getCursorRegistry())));
    }

    @Override
    public void dropDatabase(String databaseName) {
        super.dropDatabase(databaseName);
        databases.remove(databaseName);
    }

    /** What removes expired documents. */
    Expiry expiry() {
        return expiry;
    }

    @Override
    public void close() {
        expiry.close();
        super.close();
    }
}
