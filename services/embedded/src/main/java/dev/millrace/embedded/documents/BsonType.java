package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import de.bwaldvogel.mongo.wire.BsonConstants;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Map;

/**
 * Stores a value as a byte for its type and its BSON. Java serialization, the default, takes three
 * times the room, and two serializations for each comparison of two keys.
 */
final class BsonType extends BasicDataType<Object> {

    static final BsonType INSTANCE = new BsonType();

    // No stored value has this type: BSON calls it "undefined", and it is read as null.
    private static final byte MISSING = BsonConstants.TYPE_UNDEFINED;

    /** A change takes microseconds, so this is never reached. */
    private static final int ATTEMPTS = 100_000;

    private static final int OBJECT_BYTES = 24;
    private static final int ENTRY_BYTES = 64;

    private BsonType() {}

    /** Orders by type, then by value where the type has an order of its own, else by bytes. */
    @Override
    public int compare(Object a, Object b) {
        return switch (a) {
            case String one when b instanceof String other -> one.compareTo(other);
            case Integer one when b instanceof Integer other -> one.compareTo(other);
            case Long one when b instanceof Long other -> one.compareTo(other);
            case Double one when b instanceof Double other -> one.compareTo(other);
            case Instant one when b instanceof Instant other -> one.compareTo(other);
            case ObjectId one when b instanceof ObjectId other -> one.compareTo(other);
            case null, default -> encode(a).compareTo(encode(b));
        };
    }

    @Override
    public int getMemory(Object value) {
        return switch (value) {
            case null -> 0;
            case String text -> OBJECT_BYTES + 2 * text.length();
            case Map<?, ?> fields ->
                    fields.entrySet().stream()
                            .mapToInt(
                                    field ->
                                            ENTRY_BYTES
                                                    + getMemory(field.getKey())
                                                    + getMemory(field.getValue()))
                            .sum();
            case Collection<?> values -> values.stream().mapToInt(this::getMemory).sum();
            default -> OBJECT_BYTES;
        };
    }

    /**
     * The store writes in a thread of its own, and documents are changed in place meanwhile. One
     * that is being changed is tried again; the change itself makes the store write it once more.
     */
    @Override
    public void write(WriteBuffer out, Object value) {
        if (value instanceof String text) {
            writeString(out, text);
            return;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                out.put(encode(value).nioBuffer());
                return;
            } catch (ConcurrentModificationException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public Object read(ByteBuffer in) {
        var type = in.get();
        if (type == MISSING) {
            return Missing.getInstance();
        }
        if (type == BsonConstants.TYPE_UTF8_STRING) {
            return readString(in);
        }
        var rest = Unpooled.wrappedBuffer(in);
        var value = BsonDecoder.decodeValue(type, rest);
        in.position(in.position() + rest.readerIndex());
        return value;
    }

    // Most keys are texts, and these are read and written more often than anything else.
    private static void writeString(WriteBuffer out, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.put(BsonConstants.TYPE_UTF8_STRING)
                .putInt(Integer.reverseBytes(bytes.length + 1))
                .put(bytes)
                .put(BsonConstants.STRING_TERMINATION);
    }

    private static String readString(ByteBuffer in) {
        var bytes = new byte[Integer.reverseBytes(in.getInt()) - 1];
        in.get(bytes);
        in.get();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public Object[] createStorage(int size) {
        return new Object[size];
    }

    private static ByteBuf encode(Object value) {
        var out = Unpooled.buffer(value instanceof Document ? 512 : 64);
        if (value instanceof Missing) {
            return out.writeByte(MISSING);
        }
        var type = BsonEncoder.determineType(value);
        out.writeByte(type);
        BsonEncoder.encodeValue(type, value, out);
        return out;
    }
}
