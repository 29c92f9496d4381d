package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;

import org.h2.mvstore.MVMap;

import java.util.List;

/**
 * The index of {@code _id}. A text is its document's key already: only ids of other types have an
 * entry here, for which numbers of several types are one.
 */
final class IdIndex extends UniqueIndex {

    private static final String FIRST_TEXT = "";

    private final MVMap<Object, Document> documents;

    IdIndex(
            MVMap<KeyValue, Object> positions,
            MVMap<Object, Document> documents,
            String name,
            List<IndexKey> keys) {
        super(positions, name, keys, false);
        this.documents = documents;
        removeTexts(positions);
    }

    /** Earlier versions have entries for them too. */
    private static void removeTexts(MVMap<KeyValue, Object> positions) {
        var texts = new Scan<>(positions, new KeyValue(FIRST_TEXT), null);
        while (texts.hasNext()) {
            var key = texts.next().getKey();
            if (!isText(key)) {
                return;
            }
            positions.remove(key);
        }
    }

    private static boolean isText(KeyValue key) {
        return key.get(0) instanceof String;
    }

    /** Texts of a pattern are found by reading all documents. */
    @Override
    public synchronized boolean canHandle(Document query) {
        return !BsonRegularExpression.isRegularExpression(query.get("_id"))
                && super.canHandle(query);
    }

    @Override
    public synchronized void add(
            Document document, Object position, MongoCollection<Object> collection) {
        if (!(position instanceof String)) {
            super.add(document, position, collection);
        }
    }

    @Override
    protected Object removeDocument(KeyValue key) {
        return isText(key) ? getPosition(key) : super.removeDocument(key);
    }

    @Override
    protected Object getPosition(KeyValue key) {
        if (!isText(key)) {
            return super.getPosition(key);
        }
        return documents.containsKey(key.get(0)) ? key.get(0) : null;
    }

    @Override
    public long getCount() {
        return documents.sizeAsLong();
    }

    @Override
    public boolean isEmpty() {
        return documents.isEmpty();
    }
}
