package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.AbstractUniqueIndex;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;

import org.h2.mvstore.MVMap;

import java.util.List;
import java.util.Map;

/** From the values of the indexed fields to the key of the one document that has them. */
class UniqueIndex extends AbstractUniqueIndex<Object> {

    private final MVMap<KeyValue, Object> positions;

    UniqueIndex(
            MVMap<KeyValue, Object> positions, String name, List<IndexKey> keys, boolean sparse) {
        super(name, keys, sparse);
        this.positions = positions;
    }

    /**
     * Serves queries that ask for more than the indexed field too: the positions that it finds are
     * those of few documents, which are compared with the whole query anyway.
     */
    @Override
    public synchronized boolean canHandle(Document query) {
        if (keys().size() == 1 && query.size() > 1 && query.containsKey(keys().getFirst())) {
            return super.canHandle(indexed(query));
        }
        return super.canHandle(query);
    }

    @Override
    public synchronized Iterable<Object> getPositions(Document query) {
        return super.getPositions(keys().size() == 1 ? indexed(query) : query);
    }

    private Document indexed(Document query) {
        String key = keys().getFirst();
        return new Document(key, query.get(key));
    }

    @Override
    protected Object removeDocument(KeyValue key) {
        return positions.remove(key);
    }

    @Override
    protected boolean putKeyPosition(KeyValue key, Object position) {
        return positions.putIfAbsent(key, Missing.ofNullable(position)) == null;
    }

    @Override
    protected Iterable<Map.Entry<KeyValue, Object>> getIterable() {
        return positions.entrySet();
    }

    @Override
    protected Object getPosition(KeyValue key) {
        return positions.get(key);
    }

    @Override
    public long getCount() {
        return positions.sizeAsLong();
    }

    @Override
    public boolean isEmpty() {
        return positions.isEmpty();
    }

    @Override
    public long getDataSize() {
        return getCount();
    }
}
