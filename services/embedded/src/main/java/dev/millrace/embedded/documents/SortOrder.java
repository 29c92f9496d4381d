package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.bson.Document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The order that a query asks for. Documents that are equal in it stay in the collection's own.
 * While it sorts, it holds their values of its fields and where they are, but not the documents.
 */
final class SortOrder {

    private static final String NATURAL = "$natural";

    private final List<Field> fields;
    private final Comparator<Row> comparator;

    private SortOrder(List<Field> fields) {
        this.fields = fields;
        this.comparator = this::compare;
    }

    /** A field of the order; without a path, the position itself. */
    private record Field(String path, ValueComparator comparator) {
        Object value(Map.Entry<Object, Document> found) {
            return path == null
                    ? found.getKey()
                    : Utils.getSubdocumentValueCollectionAware(found.getValue(), path);
        }
    }

    private record Row(Object[] values, Object position) {}

    /**
     * Reads what a query says.
     *
     * @return {@code null} for the collection's own order
     */
    static SortOrder of(Document orderBy) {
        if (orderBy == null || orderBy.isEmpty()) {
            return null;
        }
        if (orderBy.keySet().iterator().next().equals(NATURAL)) {
            return switch (((Number) orderBy.get(NATURAL)).intValue()) {
                case 1 -> null;
                case -1 -> new SortOrder(List.of(new Field(null, ValueComparator.desc())));
                default ->
                        throw new IllegalArgumentException(
                                "Illegal sort value: " + orderBy.get(NATURAL));
            };
        }
        return new SortOrder(
                orderBy.entrySet().stream()
                        .map(
                                field ->
                                        new Field(
                                                field.getKey(),
                                                ((Number) field.getValue()).intValue() > 0
                                                        ? ValueComparator.asc()
                                                        : ValueComparator.desc()))
                        .toList());
    }

    /** The field that it looks at first; {@code null} for none. */
    String first() {
        return fields.getFirst().path();
    }

    /** Whether the least value of that field comes first. */
    boolean isAscending() {
        return fields.getFirst().comparator() == ValueComparator.asc();
    }

    private int compare(Row a, Row b) {
        for (var i = 0; i < fields.size(); i++) {
            var order = fields.get(i).comparator().compare(a.values()[i], b.values()[i]);
            if (order != 0) {
                return order;
            }
        }
        return BsonType.INSTANCE.compare(a.position(), b.position());
    }

    /**
     * Takes documents, and keeps the first of them in this order.
     *
     * @param most how many; 0 for all
     */
    First first(long most) {
        return new First(most);
    }

    /** The first of the documents seen. */
    final class First {
        private final long most;
        private final PriorityQueue<Row> rows = new PriorityQueue<>(comparator.reversed());
        private final List<Row> all = new ArrayList<>();

        private First(long most) {
            this.most = most;
        }

        void add(Map.Entry<Object, Document> found) {
            var values = new Object[fields.size()];
            for (var i = 0; i < values.length; i++) {
                values[i] = fields.get(i).value(found);
            }
            var row = new Row(values, found.getKey());
            if (most == 0) {
                all.add(row);
            } else if (rows.size() < most) {
                rows.add(row);
            } else if (comparator.compare(row, rows.peek()) < 0) {
                rows.poll();
                rows.add(row);
            }
        }

        /** Where the documents are, in order. */
        List<Object> positions() {
            all.addAll(rows);
            all.sort(comparator);
            return all.stream().map(Row::position).toList();
        }
    }
}
