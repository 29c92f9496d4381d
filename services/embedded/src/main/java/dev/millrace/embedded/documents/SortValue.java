package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.ObjectId;

import org.h2.mvstore.WriteBuffer;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Values in the order in which MongoDB sorts them, as an {@link OrderedIndex} holds them: missing
 * and null as one, numbers as {@code Double}, dates as {@code Long} in milliseconds, strings,
 * object ids and booleans as they are. All others, arrays among them, are {@link #OTHER}: an index
 * does not tell them apart, so that each query looks at their documents.
 */
final class SortValue {

    /** What is nowhere, or null. */
    static final Object ABSENT = new Mark(Kind.ABSENT, "absent");

    /** What an index cannot order: arrays, documents, and numbers that compare in strange ways. */
    static final Object OTHER = new Mark(Kind.OTHER, "other");

    private static final double INTEGERS = 0x1p31;
    private static final double LONGS = 0x1p63;

    private SortValue() {}

    /** Kinds of values, in their order. */
    enum Kind {
        ABSENT,
        NUMBER,
        STRING,
        OBJECT_ID,
        BOOLEAN,
        DATE,
        OTHER
    }

    private record Mark(Kind kind, String name) {}

    /** Before or after all values of a kind. */
    private record Edge(Kind kind, boolean after) {}

    /** The value of a document's field, or of a query. */
    static Object of(Object value) {
        return switch (value) {
            case null -> ABSENT;
            case Missing _ -> ABSENT;
            case Integer number -> number.doubleValue();
            case Long number -> number.doubleValue();
            case Double number -> ofDouble(number);
            case String text -> text;
            case ObjectId id -> id;
            case Boolean truth -> truth;
            case Instant time -> time.toEpochMilli();
            default -> OTHER;
        };
    }

    // The library compares whole numbers beyond 32 bits with fractions by their whole part alone,
    // which is no order: such fractions are others.
    private static Object ofDouble(double number) {
        var most = number == Math.rint(number) ? LONGS : INTEGERS;
        // 0.0 for -0.0, which is equal
        return Math.abs(number) < most ? (Object) (number + 0.0) : OTHER;
    }

    static Kind kind(Object value) {
        return switch (value) {
            case Double _ -> Kind.NUMBER;
            case String _ -> Kind.STRING;
            case ObjectId _ -> Kind.OBJECT_ID;
            case Boolean _ -> Kind.BOOLEAN;
            case Long _ -> Kind.DATE;
            case Mark mark -> mark.kind();
            case Edge edge -> edge.kind();
            default -> throw new IllegalArgumentException("no value of an index: " + value);
        };
    }

    /** Before all values of a value's kind. */
    static Object before(Object value) {
        return new Edge(kind(value), false);
    }

    /** After all values of a value's kind. */
    static Object after(Object value) {
        return new Edge(kind(value), true);
    }

    /** Whether it is a bound and no value. */
    static boolean isEdge(Object value) {
        return value instanceof Edge;
    }

    static int compare(Object a, Object b) {
        if (a instanceof Long one && b instanceof Long other) {
            return one.compareTo(other);
        }
        var kind = kind(a);
        var order = kind.compareTo(kind(b));
        if (order != 0) {
            return order;
        }
        if (a instanceof Edge || b instanceof Edge) {
            return Integer.compare(side(a), side(b));
        }
        return switch (kind) {
            case NUMBER -> ((Double) a).compareTo((Double) b);
            case STRING -> ((String) a).compareTo((String) b);
            case OBJECT_ID -> ((ObjectId) a).compareTo((ObjectId) b);
            case BOOLEAN -> ((Boolean) a).compareTo((Boolean) b);
            case DATE -> ((Long) a).compareTo((Long) b);
            case ABSENT, OTHER -> 0;
        };
    }

    private static int side(Object value) {
        return value instanceof Edge edge ? edge.after() ? 1 : -1 : 0;
    }

    static int memory(Object value) {
        return value instanceof String text ? BsonType.INSTANCE.getMemory(text) : 24;
    }

    static void write(WriteBuffer out, Object value) {
        var kind = kind(value);
        out.put((byte) kind.ordinal());
        switch (kind) {
            case NUMBER -> out.putLong(Double.doubleToRawLongBits((Double) value));
            case DATE -> out.putLong((Long) value);
            case BOOLEAN -> out.put((byte) ((Boolean) value ? 1 : 0));
            case STRING, OBJECT_ID -> BsonType.INSTANCE.write(out, value);
            case ABSENT, OTHER -> {}
        }
    }

    static Object read(ByteBuffer in) {
        return switch (Kind.values()[in.get()]) {
            case NUMBER -> Double.longBitsToDouble(in.getLong());
            case DATE -> in.getLong();
            case BOOLEAN -> in.get() != 0;
            case STRING, OBJECT_ID -> BsonType.INSTANCE.read(in);
            case ABSENT -> ABSENT;
            case OTHER -> OTHER;
        };
    }
}
