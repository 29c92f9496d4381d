package dev.millrace.pipeline.event;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.resource.FieldType;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.ResolvingDecoder;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The values of one Avro event, as JSON would have them: records and maps are objects, enums are
 * strings, times and dates are text in ISO-8601 except where a number is declared, decimals are
 * numbers, bytes are text where they are UTF-8 and Base64 where not, and what is not finite is
 * text.
 */
final class AvroValues {
    /** Bytes of the longest decimal. */
    private static final int DECIMAL = 64;

    private final Decoder in;

    AvroValues(Decoder in) {
        this.in = in;
    }

    /**
     * Reads the declared fields of an object.
     *
     * @return whether it is an object
     */
    boolean read(Schema schema, PathTree tree, Object[] values, int depth) throws IOException {
        switch (schema.getType()) {
            case UNION -> {
                return read(branch(schema), tree, values, depth);
            }
            case RECORD -> {
                check(depth);
                for (Schema.Field field : fields(schema)) {
                    put(field.name(), field.schema(), tree, values, depth);
                }
                return true;
            }
            case MAP -> {
                check(depth);
                for (long left = in.readMapStart(); left > 0; left = in.mapNext()) {
                    for (long i = 0; i < left; i++) {
                        put(name(), schema.getValueType(), tree, values, depth);
                    }
                }
                return true;
            }
            default -> {
                plain(schema, null, depth);
                return false;
            }
        }
    }

    private void put(String name, Schema schema, PathTree tree, Object[] values, int depth)
            throws IOException {
        PathTree child = tree.child(name);
        if (child == null) {
            plain(schema, null, depth + 1);
        } else if (child.field() != null) {
            values[child.field().index()] = value(schema, child, depth + 1);
        } else {
            child.clear(values);
            read(schema, child, values, depth + 1);
        }
    }

    private Object value(Schema schema, PathTree tree, int depth) throws IOException {
        FieldPlan field = tree.field();
        Schema actual = schema.isUnion() ? branch(schema) : schema;
        if (field.type() == FieldType.timestamp && actual.getType() == Schema.Type.LONG) {
            long number = in.readLong();
            OptionalLong millis = millis(number, actual.getLogicalType());
            return EventDecoder.time(
                    millis.isEmpty()
                            ? Timestamps.parse(number)
                            : within(millis.getAsLong()) ? millis : OptionalLong.empty(),
                    field);
        }
        return checked(plain(actual, tree, depth), field);
    }

    private static boolean within(long millis) {
        return millis >= 0 && millis <= Timestamps.LAST;
    }

    /** By the rules that JSON's values have. */
    private static Object checked(Object value, FieldPlan field) {
        return switch (value) {
            case null -> null;
            case String text -> EventDecoder.readString(text, field);
            case Boolean flag ->
                    field.type() == FieldType.bool
                            ? flag
                            : EventDecoder.mismatch(field, "a boolean");
            case Long number ->
                    switch (field.type()) {
                        case integer -> number;
                        case number -> EventDecoder.number(number, field);
                        case timestamp -> EventDecoder.time(Timestamps.parse(number), field);
                        default -> EventDecoder.mismatch(field, "a number");
                    };
            case Double number ->
                    switch (field.type()) {
                        case integer -> whole(number, field);
                        case number -> EventDecoder.number(number, field);
                        case timestamp -> EventDecoder.time(Timestamps.parse(number), field);
                        default -> EventDecoder.mismatch(field, "a number");
                    };
            case List<?> list ->
                    field.type() == FieldType.array
                            ? list
                            : EventDecoder.mismatch(field, "an array");
            default ->
                    field.type() == FieldType.object
                            ? value
                            : EventDecoder.mismatch(field, "an object");
        };
    }

    private static Object whole(double number, FieldPlan field) {
        try {
            return new BigDecimal(Double.toString(number)).longValueExact();
        } catch (ArithmeticException e) {
            return EventDecoder.fraction(field);
        }
    }

    /**
     * Reads any value: String, Long, Double, Boolean, Map, List or {@code null}.
     *
     * @param tree what is declared there and below; {@code null} for nothing
     */
    Object plain(Schema schema, PathTree tree, int depth) throws IOException {
        return switch (schema.getType()) {
            case NULL -> {
                in.readNull();
                yield null;
            }
            case BOOLEAN -> in.readBoolean();
            case INT -> whole(in.readInt(), schema, tree);
            case LONG -> whole(in.readLong(), schema, tree);
            case FLOAT -> fraction(in.readFloat());
            case DOUBLE -> fraction(in.readDouble());
            case STRING -> in.readString();
            case ENUM -> schema.getEnumSymbols().get(in.readEnum());
            case BYTES -> bytes(in.readBytes(null), schema);
            case FIXED -> fixed(schema);
            case UNION -> plain(branch(schema), tree, depth);
            case ARRAY -> list(schema, depth);
            case MAP -> map(schema, tree, depth);
            case RECORD -> record(schema, tree, depth);
        };
    }

    private Schema branch(Schema union) throws IOException {
        return union.getTypes().get(in.readIndex());
    }

    private List<Schema.Field> fields(Schema record) throws IOException {
        return in instanceof ResolvingDecoder resolving
                ? Arrays.asList(resolving.readFieldOrder())
                : record.getFields();
    }

    private static void check(int depth) {
        if (depth >= EventLimits.DEPTH) {
            throw new TooDeepAvroException();
        }
    }

    private String name() throws IOException {
        String name = in.readString();
        if (name.length() > EventLimits.STRING) {
            throw new TooDeepAvroException();
        }
        return name;
    }

    private Object record(Schema schema, PathTree tree, int depth) throws IOException {
        if (AvroSchema.isJson(schema)) {
            return plain(fields(schema).getFirst().schema(), null, depth);
        }
        check(depth);
        Map<String, Object> record = new LinkedHashMap<>();
        for (Schema.Field field : fields(schema)) {
            record.put(field.name(), plain(field.schema(), child(tree, field.name()), depth + 1));
        }
        return record;
    }

    private static PathTree child(PathTree tree, String name) {
        return tree == null ? null : tree.child(name);
    }

    private Object map(Schema schema, PathTree tree, int depth) throws IOException {
        check(depth);
        Map<String, Object> map = new LinkedHashMap<>();
        for (long left = in.readMapStart(); left > 0; left = in.mapNext()) {
            for (long i = 0; i < left; i++) {
                String name = name();
                map.put(name, plain(schema.getValueType(), child(tree, name), depth + 1));
            }
        }
        return map;
    }

    private Object list(Schema schema, int depth) throws IOException {
        check(depth);
        List<Object> list = new ArrayList<>();
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (long i = 0; i < left; i++) {
                list.add(plain(schema.getElementType(), null, depth + 1));
            }
        }
        return list;
    }

    private static Object whole(long number, Schema schema, PathTree tree) {
        LogicalType type = schema.getLogicalType();
        FieldPlan field = tree == null ? null : tree.field();
        if (type == null || field != null && field.isNumeric()) {
            return number;
        }
        try {
            if (type instanceof LogicalTypes.Date) {
                return LocalDate.ofEpochDay(number).toString();
            }
            OptionalLong millis = millis(number, type);
            return millis.isEmpty()
                    ? (Object) number
                    : Instant.ofEpochMilli(millis.getAsLong()).toString();
        } catch (DateTimeException e) {
            return number;
        }
    }

    /** Milliseconds since 1970, of a type that is a time; one without a zone is taken for UTC. */
    private static OptionalLong millis(long number, LogicalType type) {
        return switch (type) {
            case null -> OptionalLong.empty();
            case LogicalTypes.TimestampMillis _, LogicalTypes.LocalTimestampMillis _ ->
                    OptionalLong.of(number);
            case LogicalTypes.TimestampMicros _, LogicalTypes.LocalTimestampMicros _ ->
                    OptionalLong.of(Math.floorDiv(number, 1_000L));
            case LogicalTypes.TimestampNanos _, LogicalTypes.LocalTimestampNanos _ ->
                    OptionalLong.of(Math.floorDiv(number, 1_000_000L));
            default -> OptionalLong.empty();
        };
    }

    private static Object fraction(double number) {
        // -0.0 is 0.0: one value, one text
        return Double.isFinite(number) ? (Object) (number + 0.0) : Double.toString(number);
    }

    private Object fixed(Schema schema) throws IOException {
        if (schema.getFixedSize() > EventLimits.BYTES) {
            throw new MalformedAvroException("cut off, or of another schema");
        }
        byte[] bytes = new byte[schema.getFixedSize()];
        in.readFixed(bytes, 0, bytes.length);
        return bytes(ByteBuffer.wrap(bytes), schema);
    }

    private static Object bytes(ByteBuffer bytes, Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
                && bytes.hasRemaining()
                && bytes.remaining() <= DECIMAL
                && Math.abs(decimal.getScale()) <= 400) {
            byte[] unscaled = new byte[bytes.remaining()];
            bytes.get(unscaled);
            return number(new BigDecimal(new BigInteger(unscaled), decimal.getScale()));
        }
        return AvroBytes.isUtf8(bytes)
                ? StandardCharsets.UTF_8.decode(bytes).toString()
                : StandardCharsets.ISO_8859_1.decode(Base64.getEncoder().encode(bytes)).toString();
    }

    private static Object number(BigDecimal decimal) {
        try {
            return decimal.longValueExact();
        } catch (ArithmeticException e) {
            return fraction(decimal.doubleValue());
        }
    }
}
