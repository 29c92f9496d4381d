package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;

import org.h2.mvstore.MVMap;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * An index that is not unique: a key for each document, in the order of its values. It may hold
 * keys of documents that are not there, or have changed since: readers look at each document.
 */
final class OrderedIndex extends Index<Object> {

    private final IndexFile file;
    private final MVMap<OrderedKey, Boolean> keys;
    private final IndexSpec spec;

    OrderedIndex(String name, List<IndexKey> fields, IndexSpec spec, IndexFile file) {
        // sparse: so the library does not expect that it knows each document's position
        super(name, fields, true);
        this.spec = spec;
        this.file = file;
        this.keys = file.keys();
    }

    IndexSpec spec() {
        return spec;
    }

    MVMap<OrderedKey, Boolean> entries() {
        return keys;
    }

    /**
     * Makes sure that it has the keys of all documents.
     *
     * @param count how many documents there are
     */
    void fill(Stream<Document> documents, long count) {
        var isComplete = spec.partial() != null || keys.sizeAsLong() == count;
        if (!file.isFilled() || !isComplete) {
            file.clear();
            documents.forEach(this::add);
            file.setFilled();
        }
    }

    /**
     * Where documents are that may match a query.
     *
     * @return {@code null} where that may be everywhere
     */
    List<KeyRange> find(Document query) {
        if (!spec.holdsAll(query)) {
            return null;
        }
        var ranges = rangesOf(query);
        if (ranges.size() == 1 && ranges.getFirst().isAll()) {
            return null;
        }
        var all = new ArrayList<>(ranges);
        all.add(KeyRange.of(List.of(SortValue.OTHER)));
        return all;
    }

    /**
     * The ranges of keys that may match, without others: all keys of each begin with the same
     * values, up to the first field of which there may be several.
     */
    private List<KeyRange> rangesOf(Document query) {
        return rangesOf(query, spec.fields());
    }

    /** As {@link #rangesOf(Document)}, as if these were all fields. */
    private static List<KeyRange> rangesOf(Document query, List<String> fields) {
        List<Object> same = new ArrayList<>();
        for (var field : fields) {
            var ranges = Range.of(query, field);
            if (!Range.isPoint(ranges)) {
                return ranges == null
                        ? List.of(KeyRange.of(List.copyOf(same)))
                        : ranges.stream().map(range -> KeyRange.of(same, range)).toList();
            }
            same.add(ranges.getFirst().low());
        }
        return List.of(KeyRange.of(same));
    }

    /**
     * A walk in the order of a field, over all documents that may match.
     *
     * @return {@code null} where this index is of no use for that
     */
    OrderedWalk walk(Document query, String field, boolean ascending) {
        if (!spec.holdsAll(query) || hasOthers()) {
            return null;
        }
        var before = 0;
        while (before < spec.fields().size() && !spec.fields().get(before).equals(field)) {
            if (!Range.isPoint(Range.of(query, spec.fields().get(before)))) {
                return null;
            }
            before++;
        }
        if (before == spec.fields().size()) {
            return null;
        }
        // it goes by whole groups: ranges within one would give it several times
        var ranges = rangesOf(query, spec.fields().subList(0, before + 1));
        return new OrderedWalk(keys, ranges, before, ascending);
    }

    /** Whether there are values that it does not order. */
    private boolean hasOthers() {
        var last = keys.lastKey();
        return last != null && last.values().getFirst() == SortValue.OTHER;
    }

    /**
     * The keys of documents that may expire: those whose time is past, and others.
     *
     * @param now in milliseconds since 1970
     */
    List<KeyRange> expired(long now) {
        Object last = now - spec.expireAfter().toMillis();
        return List.of(
                KeyRange.of(List.of(), new Range(SortValue.before(last), last)),
                KeyRange.of(List.of(SortValue.OTHER)));
    }

    /** Whether a document is to be removed: of several times in an array, the first one counts. */
    boolean isExpired(Document document, long now) {
        if (!holds(document)) {
            return false;
        }
        var value = Utils.getSubdocumentValueCollectionAware(document, spec.fields().getFirst());
        var times = value instanceof Collection<?> several ? several : Collections.singleton(value);
        return times.stream()
                .anyMatch(
                        time ->
                                time instanceof Instant instant
                                        && instant.toEpochMilli()
                                                <= now - spec.expireAfter().toMillis());
    }

    private boolean holds(Document document) {
        return spec.partial() == null
                || new DefaultQueryMatcher().matches(document, spec.partial());
    }

    /** The key of a document; {@code null} where the index does not hold it. */
    private OrderedKey key(Document document) {
        if (!holds(document)) {
            return null;
        }
        var position = Missing.ofNullable(document.get("_id"));
        if (spec.fields().size() == 1) {
            return new OrderedKey(List.of(value(document, spec.fields().getFirst())), position);
        }
        return OrderedKey.of(
                spec.fields().stream().map(field -> value(document, field)).toList(), position);
    }

    private static Object value(Document document, String field) {
        return SortValue.of(
                field.indexOf('.') < 0
                        ? document.get(field)
                        : Utils.getSubdocumentValueCollectionAware(document, field));
    }

    @Override
    public void add(Document document, Object position, MongoCollection<Object> collection) {
        add(document);
    }

    private void add(Document document) {
        var key = key(document);
        if (key != null) {
            keys.put(key, true);
        }
    }

    /** Says nothing about the position, which the library then asks another index for. */
    @Override
    public Object remove(Document document) {
        var key = key(document);
        if (key != null) {
            keys.remove(key);
        }
        return null;
    }

    @Override
    public void updateInPlace(
            Document oldDocument,
            Document newDocument,
            Object position,
            MongoCollection<Object> collection) {
        var before = key(oldDocument);
        var after = key(newDocument);
        // a reader in between finds it twice rather than never
        if (after != null) {
            keys.put(after, true);
        }
        if (before != null && (after == null || keys.getKeyType().compare(before, after) != 0)) {
            keys.remove(before);
        }
    }

    @Override
    public boolean hasSameOptions(Index<?> other) {
        return other instanceof OrderedIndex ordered && ordered.spec.equals(spec);
    }

    @Override
    public Object getPosition(Document document) {
        return null;
    }

    @Override
    public void checkAdd(Document document, MongoCollection<Object> collection) {}

    @Override
    public void checkUpdate(
            Document oldDocument, Document newDocument, MongoCollection<Object> collection) {}

    /** Never for the library: a query may use several, see {@link QueryPlan}. */
    @Override
    public boolean canHandle(Document query) {
        return false;
    }

    @Override
    public Iterable<Object> getPositions(Document query) {
        throw new UnsupportedOperationException("a plan reads this index");
    }

    @Override
    public long getCount() {
        return keys.sizeAsLong();
    }

    /** Whoever opens it fills it. */
    @Override
    public boolean isEmpty() {
        return false;
    }

    @Override
    public long getDataSize() {
        return getCount();
    }

    @Override
    public void drop() {}
}
