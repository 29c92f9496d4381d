package dev.millrace.embedded.documents;

import org.h2.mvstore.MVMap;

import java.util.List;

/**
 * Keys of an index that are next to each other.
 *
 * @param from before the first of them
 * @param to after the last
 */
record KeyRange(OrderedKey from, OrderedKey to) {

    /** All that begin with these values. */
    static KeyRange of(List<Object> values) {
        return new KeyRange(OrderedKey.before(values), OrderedKey.after(values));
    }

    /** All that begin with these values, and go on with one of a range. */
    static KeyRange of(List<Object> values, Range range) {
        return new KeyRange(
                OrderedKey.before(OrderedKey.append(values, range.low())),
                OrderedKey.after(OrderedKey.append(values, range.high())));
    }

    /** Whether it is the whole index. */
    boolean isAll() {
        return from.values().isEmpty();
    }

    /** How many keys there are. */
    long count(MVMap<OrderedKey, ?> keys) {
        return rank(keys, to) - rank(keys, from);
    }

    private static long rank(MVMap<OrderedKey, ?> keys, OrderedKey bound) {
        // no key is equal to a bound
        var index = keys.getKeyIndex(bound);
        return index < 0 ? -index - 1 : index;
    }
}
