package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryParameters;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;

import org.h2.mvstore.MVMap;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A collection whose queries hold what they give next, and no more, and use its indexes. They take
 * no lock: whoever changes a document changes a copy, and puts that in its place.
 */
final class DocumentCollection extends H2Collection {

    private static final Document ANY = new Document();

    private final MVMap<Object, Document> documents;
    private final OpenCursors cursors;
    private volatile List<Index<Object>> current = List.of();

    DocumentCollection(
            MongoDatabase database,
            String name,
            CollectionOptions options,
            MVMap<Object, Document> documents,
            MVMap<String, Object> meta,
            CursorRegistry registry,
            OpenCursors cursors) {
        super(database, name, options, documents, meta, registry);
        this.documents = documents;
        this.cursors = cursors;
    }

    /** As the library's, which would lock the collection. */
    @Override
    public QueryResult handleQuery(QueryParameters parameters) {
        var selector = parameters.getQuerySelector();
        var query = selector;
        Document orderBy = null;
        if (selector.containsKey("query")) {
            query = (Document) selector.get("query");
            orderBy = (Document) selector.get("orderby");
        } else if (selector.containsKey("$query")) {
            query = (Document) selector.get("$query");
            orderBy = (Document) selector.get("$orderby");
        }
        return queryDocuments(
                query,
                orderBy,
                parameters.getNumberToSkip(),
                parameters.getLimit(),
                parameters.getBatchSize(),
                parameters.getProjection());
    }

    @Override
    protected QueryResult queryDocuments(
            Document query,
            Document orderBy,
            int numberToSkip,
            int limit,
            int batchSize,
            Document fieldSelector) {
        if (batchSize <= 0) {
            return new QueryResult(
                    () -> results(query, orderBy, numberToSkip, limit, fieldSelector));
        }
        var cursor =
                new PendingCursor(
                        cursorRegistry.generateCursorId(),
                        results(query, orderBy, numberToSkip, limit, fieldSelector));
        var first = cursor.takeDocuments(batchSize);
        if (cursor.isEmpty()) {
            return new QueryResult(first);
        }
        cursors.add(cursor);
        return new QueryResult(first, cursor);
    }

    /** All documents, or those that the aggregation being answered begins with. */
    @Override
    public Stream<Document> queryAllAsStream() {
        var leading = LeadingStages.take(getFullName());
        return stream(
                leading == null
                        ? results(ANY, null, 0, 0, null)
                        : results(
                                leading.query(),
                                leading.sort(),
                                leading.skip(),
                                leading.limit(),
                                null));
    }

    private Iterator<Document> results(
            Document query, Document orderBy, int skip, int limit, Document projection) {
        // only changes hold the lock
        var isChange = Thread.holdsLock(this);
        var plan = new QueryPlan(documents, current, query);
        var order = SortOrder.of(orderBy);
        var most = limit > 0 ? (long) skip + limit : 0;
        var found =
                order != null
                        ? plan.sorted(order, most)
                        : isChange ? plan.matchesToChange() : plan.matches();
        return stream(found)
                .skip(skip)
                .limit(limit > 0 ? limit : Long.MAX_VALUE)
                .map(Map.Entry::getValue)
                .map(isChange ? Document::cloneDeeply : UnaryOperator.identity())
                .map(projected(projection))
                .iterator();
    }

    /** As the library does it, which does it with its own queries only. */
    private UnaryOperator<Document> projected(Document projection) {
        return projection == null || projection.isEmpty()
                ? UnaryOperator.identity()
                : document ->
                        matchDocumentsFromStream(
                                        ANY, Stream.of(document), 0, 0, 0, null, projection)
                                .iterator()
                                .next();
    }

    private static <T> Stream<T> stream(Iterator<T> iterator) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        iterator, Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    @Override
    protected Stream<DocumentWithPosition<Object>> streamAllDocumentsWithPosition() {
        return stream(new Scan<>(documents, null, null))
                .map(entry -> new DocumentWithPosition<>(entry.getValue(), entry.getKey()));
    }

    @Override
    public synchronized void addIndex(Index<Object> index) {
        if (index instanceof OrderedIndex ordered
                && getIndexes().stream()
                        .noneMatch(other -> other.getName().equals(index.getName()))) {
            ordered.fill(
                    stream(new Scan<>(documents, null, null)).map(Map.Entry::getValue),
                    documents.sizeAsLong());
        }
        super.addIndex(index);
        current = List.copyOf(getIndexes());
    }

    @Override
    public synchronized void dropIndex(String indexName) {
        super.dropIndex(indexName);
        current = List.copyOf(getIndexes());
    }

    /**
     * Removes documents that an index lets expire, as many as there are at most.
     *
     * @param now in milliseconds since 1970
     * @return how many were removed; 0 when there are no more
     */
    int expire(long now, int most) {
        var removed = 0;
        for (var index : current) {
            if (removed < most
                    && index instanceof OrderedIndex ordered
                    && ordered.spec().expireAfter() != null) {
                removed += expire(ordered, now, most - removed);
            }
        }
        return removed;
    }

    private synchronized int expire(OrderedIndex index, long now, int most) {
        var removed = 0;
        for (var range : index.expired(now)) {
            var keys = new Scan<>(index.entries(), range.from(), range.to());
            while (removed < most && keys.hasNext()) {
                var key = keys.next().getKey();
                var document = documents.get(key.position());
                if (document == null) {
                    index.entries().remove(key);
                } else if (index.isExpired(document, now)) {
                    removeDocument(document);
                    removed++;
                }
            }
        }
        return removed;
    }
}
