package dev.millrace.embedded.documents;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * The keys of an index in the file, and whether they are all there: they are not when the index was
 * only named so far, as by earlier versions, or when the process ended while it was filled.
 */
final class IndexFile {

    private static final String FILLED = "index.filled";

    private final MVMap<OrderedKey, Boolean> keys;
    private final MVMap<String, String> filled;
    private final String signature;

    /**
     * Opens an index.
     *
     * @param name of its map
     */
    IndexFile(MVStore file, String name, IndexSpec spec) {
        this.signature = spec.signature();
        this.filled = file.openMap(FILLED);
        this.keys =
                file.openMap(
                        name,
                        new MVMap.Builder<OrderedKey, Boolean>()
                                .keyType(new OrderedKeyType(spec.fields().size()))
                                .valueType(PresentType.INSTANCE));
    }

    MVMap<OrderedKey, Boolean> keys() {
        return keys;
    }

    boolean isFilled() {
        return signature.equals(filled.get(keys.getName()));
    }

    /** Empties it, to be filled. */
    void clear() {
        filled.remove(keys.getName());
        keys.clear();
    }

    /** Notes that all keys are there. */
    void setFilled() {
        filled.put(keys.getName(), signature);
    }

    /** Forgets an index whose map is removed. */
    static void forget(MVStore file, String name) {
        file.<String, String>openMap(FILLED).remove(name);
    }
}
