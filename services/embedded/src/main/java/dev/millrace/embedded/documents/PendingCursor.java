package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.AbstractCursor;
import de.bwaldvogel.mongo.bson.Document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** The rest of a result, which is found when somebody asks for it. */
final class PendingCursor extends AbstractCursor {

    /** For those who do not say how many they want. */
    private static final int DOCUMENTS = 1_000;

    /** As in MongoDB; a single document may have as many. */
    private static final int BYTES = 16 << 20;

    private Iterator<Document> results;
    private volatile long used = System.nanoTime();

    PendingCursor(long id, Iterator<Document> results) {
        super(id);
        this.results = results;
    }

    /** When somebody asked last, by {@link System#nanoTime()}. */
    long used() {
        return used;
    }

    @Override
    public synchronized boolean isEmpty() {
        return !results.hasNext();
    }

    /** Gives as many, or fewer where they are large. */
    @Override
    public synchronized List<Document> takeDocuments(int numberToReturn) {
        var most = numberToReturn > 0 ? numberToReturn : DOCUMENTS;
        List<Document> batch = new ArrayList<>();
        var bytes = 0L;
        while (batch.size() < most && bytes < BYTES && results.hasNext()) {
            var document = results.next();
            batch.add(document);
            bytes += BsonType.INSTANCE.getMemory(document);
        }
        if (!results.hasNext()) {
            // they may hold much, and this is kept for a while
            results = Collections.emptyIterator();
        }
        used = System.nanoTime();
        return batch;
    }
}
