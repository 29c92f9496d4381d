package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.EmptyIndex;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;

import io.netty.channel.Channel;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A database with {@link DocumentCollection}s, and indexes of both kinds. */
final class DocumentDatabase extends H2Database {

    /** What a client gets at first that does not say how much it wants, as in MongoDB. */
    private static final int FIRST_BATCH = 101;

    private final MVStore file;
    private final OpenCursors cursors;
    private final Map<String, DocumentCollection> opened;
    private Document requested;

    DocumentDatabase(String name, MVStore file, CursorRegistry registry, OpenCursors cursors) {
        // The constructor above already opens collections.
        this.file = file;
        this.cursors = cursors;
        this.opened = new ConcurrentHashMap<>();
        super(name, file, registry);
        removeDoubles();
    }

    /** Collections that may have documents that expire. */
    Collection<DocumentCollection> collections() {
        return List.copyOf(opened.values());
    }

    /**
     * Gives up cursors that nobody has used for a while.
     *
     * @param now by {@link System#nanoTime()}
     */
    void removeIdleCursors(long now) {
        cursors.removeIdle(now);
    }

    @Override
    public Document handleCommand(
            Channel channel,
            String command,
            Document query,
            DatabaseResolver databases,
            Oplog oplog) {
        return switch (command.toLowerCase(Locale.ROOT)) {
            case "aggregate" ->
                    LeadingStages.answer(
                            getDatabaseName() + "." + query.get(command),
                            query,
                            aggregation ->
                                    super.handleCommand(
                                            channel, command, aggregation, databases, oplog));
            case "find" -> super.handleCommand(channel, command, batched(query), databases, oplog);
            default -> super.handleCommand(channel, command, query, databases, oplog);
        };
    }

    private static Document batched(Document query) {
        if (query.get("batchSize") instanceof Number size && size.intValue() > 0) {
            return query;
        }
        var batched = query.clone();
        batched.put(
                "batchSize",
                Boolean.TRUE.equals(query.get("singleBatch")) ? Integer.MAX_VALUE : FIRST_BATCH);
        return batched;
    }

    @Override
    protected MongoCollection<Object> openOrCreateCollection(
            String name, CollectionOptions options) {
        var collection =
                new DocumentCollection(
                        this,
                        name,
                        options,
                        documents(name),
                        file.openMap("meta." + getFullCollectionNamespace(name)),
                        cursorRegistry,
                        cursors);
        opened.put(name, collection);
        return collection;
    }

    private MVMap<Object, Document> documents(String collection) {
        return file.openMap(
                "databases." + getFullCollectionNamespace(collection),
                new MVMap.Builder<Object, Document>()
                        .keyType(BsonType.INSTANCE)
                        .valueType(BsonType.INSTANCE));
    }

    @Override
    public void unregisterCollection(String name) {
        super.unregisterCollection(name);
        opened.remove(name);
    }

    /** The library leaves the maps of what it renames by their old names, and opens empty ones. */
    @Override
    public void moveCollection(
            MongoDatabase oldDatabase, MongoCollection<?> collection, String newCollectionName) {
        var before = collection.getFullName();
        super.moveCollection(oldDatabase, collection, newCollectionName);
        var after = collection.getFullName();
        for (var prefix : List.of("databases.", "meta.")) {
            file.removeMap(prefix + after);
            file.renameMap(file.openMap(prefix + before), prefix + after);
        }
        var indexes = before + "._index_";
        for (var name : List.copyOf(file.getMapNames())) {
            if (name.startsWith(indexes)) {
                file.renameMap(file.openMap(name), after + name.substring(before.length()));
                IndexFile.forget(file, name);
            }
        }
        opened.put(newCollectionName, (DocumentCollection) collection);
    }

    @Override
    protected Index<Object> openOrCreateUniqueIndex(
            String collection, String name, List<IndexKey> keys, boolean sparse) {
        var positions =
                file.openMap(
                        indexName(collection, name),
                        new MVMap.Builder<KeyValue, Object>()
                                .keyType(KeyValueType.INSTANCE)
                                .valueType(BsonType.INSTANCE));
        return keys.size() == 1 && keys.getFirst().getKey().equals("_id")
                ? new IdIndex(positions, documents(collection), name, keys)
                : new UniqueIndex(positions, name, keys, sparse);
    }

    @Override
    protected synchronized void addIndex(Document indexDescription) {
        var outer = requested;
        requested = indexDescription;
        try {
            super.addIndex(indexDescription);
        } finally {
            requested = outer;
        }
    }

    @Override
    protected Index<Object> openOrCreateSecondaryIndex(
            String collection, String name, List<IndexKey> keys, boolean sparse) {
        var description = requested == null ? described(collection, name) : requested;
        if (description == null || !IndexSpec.isPossible(description)) {
            return new EmptyIndex<>(name, keys);
        }
        var spec = IndexSpec.of(keys, description);
        return new OrderedIndex(
                name, keys, spec, new IndexFile(file, indexName(collection, name), spec));
    }

    @Override
    protected void dropIndex(MongoCollection<Object> collection, String name) {
        super.dropIndex(collection, name);
        IndexFile.forget(file, indexName(collection.getCollectionName(), name));
    }

    private String indexName(String collection, String name) {
        return getFullCollectionNamespace(collection) + "._index_" + name;
    }

    /** Of several descriptions by one name, as earlier versions took them, the first counts. */
    private void removeDoubles() {
        if (indexes.get() == null) {
            return;
        }
        Set<String> names = new HashSet<>();
        List<Document> doubles = new ArrayList<>();
        for (var description : indexes.get().queryAll()) {
            if (!names.add(description.get("ns") + " " + description.get("name"))) {
                doubles.add(description);
            }
        }
        doubles.forEach(description -> indexes.get().deleteDocuments(description, 1));
    }

    private Document described(String collection, String name) {
        for (var description :
                indexes.get()
                        .handleQuery(
                                new Document("ns", getFullCollectionNamespace(collection))
                                        .append("name", name))) {
            return description;
        }
        return null;
    }
}
