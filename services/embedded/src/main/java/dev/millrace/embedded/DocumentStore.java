package dev.millrace.embedded;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;

import io.netty.channel.Channel;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Collections in one file, with documents and keys as BSON. */
final class DocumentStore extends H2Backend {

    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "findandmodify");

    DocumentStore(MVStore file) {
        super(file);
        version(new Version());
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
        return new Database(name, getMvStore(), getCursorRegistry());
    }

    private static final class Database extends H2Database {

        private final MVStore file;

        Database(String name, MVStore file, CursorRegistry cursors) {
            // The constructor above already opens collections.
            this.file = file;
            super(name, file, cursors);
        }

        @Override
        protected MongoCollection<Object> openOrCreateCollection(
                String name, CollectionOptions options) {
            var fullName = getFullCollectionNamespace(name);
            var documents =
                    file.openMap(
                            "databases." + fullName,
                            new MVMap.Builder<Object, Document>()
                                    .keyType(BsonType.INSTANCE)
                                    .valueType(BsonType.INSTANCE));
            return new H2Collection(
                    this,
                    name,
                    options,
                    documents,
                    file.openMap("meta." + fullName),
                    cursorRegistry);
        }

        @Override
        protected Index<Object> openOrCreateUniqueIndex(
                String collection, String name, List<IndexKey> keys, boolean sparse) {
            var positions =
                    file.openMap(
                            getFullCollectionNamespace(collection) + "._index_" + name,
                            new MVMap.Builder<KeyValue, Object>()
                                    .keyType(KeyValueType.INSTANCE)
                                    .valueType(BsonType.INSTANCE));
            return new UniqueIndex(positions, name, keys, sparse);
        }
    }
}
