package dev.millrace.embedded.documents;

import org.h2.mvstore.MVMap;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Goes through keys of an index in the order of one of its fields, or against it. Gives groups of
 * keys with the same value of that field.
 */
final class OrderedWalk implements Iterator<KeyRange> {

    private final MVMap<OrderedKey, Boolean> keys;
    private final int field;
    private final boolean ascending;
    private final Iterator<KeyRange> ranges;
    private KeyRange range;
    private KeyRange next;

    /**
     * A walk.
     *
     * @param ranges in the index's order, and apart from each other
     * @param field which field of the index; those before it have one value in all ranges
     */
    OrderedWalk(
            MVMap<OrderedKey, Boolean> keys, List<KeyRange> ranges, int field, boolean ascending) {
        this.keys = keys;
        this.field = field;
        this.ascending = ascending;
        this.ranges = (ascending ? ranges : new ArrayList<>(ranges).reversed()).iterator();
    }

    @Override
    public boolean hasNext() {
        while (next == null && (range != null || ranges.hasNext())) {
            if (range == null) {
                range = ranges.next();
            }
            var first = ascending ? keys.ceilingKey(range.from()) : keys.floorKey(range.to());
            if (first == null || !isWithin(first)) {
                range = null;
                continue;
            }
            // a range may be narrower than a group
            var group = KeyRange.of(first.values().subList(0, field + 1));
            next = common(group, range);
            range =
                    ascending
                            ? new KeyRange(group.to(), range.to())
                            : new KeyRange(range.from(), group.from());
        }
        return next != null;
    }

    private boolean isWithin(OrderedKey key) {
        return ascending ? compare(key, range.to()) < 0 : compare(key, range.from()) > 0;
    }

    private KeyRange common(KeyRange a, KeyRange b) {
        return new KeyRange(
                compare(a.from(), b.from()) >= 0 ? a.from() : b.from(),
                compare(a.to(), b.to()) <= 0 ? a.to() : b.to());
    }

    private int compare(OrderedKey a, OrderedKey b) {
        return keys.getKeyType().compare(a, b);
    }

    @Override
    public KeyRange next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        var group = next;
        next = null;
        return group;
    }
}
