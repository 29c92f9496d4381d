package dev.millrace.embedded.documents;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The key of an {@link OrderedIndex}: a document's values, and its position, so that documents with
 * the same values have keys of their own. With fewer values than the index has it is a bound,
 * before or after all keys that begin with these values.
 *
 * @param values as {@link SortValue} has them
 * @param position the document's {@code _id}, or {@link Bound}
 */
record OrderedKey(List<Object> values, Object position) {

    /** In place of a position. */
    enum Bound {
        BEFORE,
        AFTER
    }

    /** Before all keys that begin with these values. */
    static OrderedKey before(List<Object> values) {
        return new OrderedKey(values, Bound.BEFORE);
    }

    /** After all keys that begin with these values. */
    static OrderedKey after(List<Object> values) {
        return new OrderedKey(values, Bound.AFTER);
    }

    /** The key of a document: where one value cannot be ordered, all are others. */
    static OrderedKey of(List<Object> values, Object position) {
        return new OrderedKey(
                values.contains(SortValue.OTHER)
                        ? Collections.nCopies(values.size(), SortValue.OTHER)
                        : values,
                position);
    }

    /** These values and one more. */
    static List<Object> append(List<Object> values, Object value) {
        var longer = new ArrayList<>(values);
        longer.add(value);
        return longer;
    }
}
