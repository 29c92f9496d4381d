package dev.millrace.embedded.documents;

import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The entries of a map between two keys, in its order. Reads some from one version of the map, and
 * the next ones from that of then: however long somebody reads, no old version has to be kept.
 */
final class Scan<K, V> implements Iterator<Map.Entry<K, V>> {

    private static final int FROM_ONE_VERSION = 1_000;

    /** The file keeps what was overwritten for 45 s. */
    private static final long VERSION_NANOS = 10_000_000_000L;

    private final MVMap<K, V> map;
    private final K to;
    private Cursor<K, V> cursor;
    private long opened;
    private int left;
    private K last;
    private Map.Entry<K, V> next;

    /**
     * Entries of a map.
     *
     * @param from inclusive; {@code null}: the first
     * @param to inclusive; {@code null}: the last
     */
    Scan(MVMap<K, V> map, K from, K to) {
        this.map = map;
        this.to = to;
        open(from);
    }

    private void open(K from) {
        cursor = map.cursor(from, to, false);
        opened = System.nanoTime();
        left = FROM_ONE_VERSION;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            advance();
        }
        return next != null;
    }

    private void advance() {
        if (last != null && (left == 0 || System.nanoTime() - opened > VERSION_NANOS)) {
            open(last);
        }
        while (cursor.hasNext()) {
            left--;
            var key = cursor.next();
            if (last == null || map.getKeyType().compare(key, last) > 0) {
                last = key;
                next = Map.entry(key, cursor.getValue());
                return;
            }
        }
    }

    @Override
    public Map.Entry<K, V> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        var entry = next;
        next = null;
        return entry;
    }
}
