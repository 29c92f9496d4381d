package dev.millrace.pipeline.event;

import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Turns the bytes of one event into its values, in one pass over the JSON, or says why they are no
 * event of the stream. A field that is {@code null} counts as missing; of a field that is there
 * twice the last one counts; fields that the stream does not declare are left alone. Safe for use
 * by many threads.
 */
public final class EventDecoder {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(EventLimits.DEPTH)
                                    .maxStringLength(EventLimits.BYTES)
                                    .maxNameLength(EventLimits.STRING)
                                    .maxNumberLength(400)
                                    .build())
                    .build();

    private final List<FieldPlan> fields;
    private final FieldPlan time;
    private final PathTree tree;
    private final FlatScanner scanner;
    private final AvroEvents avro;

    /** A decoder of a stream's events in JSON, whatever its format: also of recorded ones. */
    public EventDecoder(StreamPlan stream) {
        this(stream, null);
    }

    private EventDecoder(StreamPlan stream, Schemas schemas) {
        this.fields = stream.schema().fields();
        this.time = stream.time();
        this.tree = PathTree.of(fields);
        this.scanner = new FlatScanner(fields);
        this.avro =
                schemas == null ? null : new AvroEvents(tree, schemas, bytes -> parse(bytes, 0));
    }

    /**
     * A decoder of a stream's events in their format. Of Avro, it throws {@link
     * dev.millrace.pipeline.registry.SchemasUnavailableException} where it cannot be told yet what
     * an event is: then the same event is to be tried again.
     *
     * @param schemas where those of Avro are; may be null for JSON
     */
    public static EventDecoder of(StreamPlan stream, Schemas schemas) {
        return stream.format() == Format.json
                ? new EventDecoder(stream)
                : new EventDecoder(stream, Objects.requireNonNull(schemas, "no schema registry"));
    }

    /**
     * Decodes an event.
     *
     * @param bytes its value in Kafka; may be null
     * @param received when Kafka received it, in milliseconds since 1970: the event time of streams
     *     without a time field
     */
    public Decoded decode(byte[] bytes, long received) {
        Object[] values = new Object[fields.size()];
        Rejected fault = read(bytes, values);
        return fault == null ? event(values, received) : fault;
    }

    /**
     * As {@link #decode(byte[], long)}, from a buffer, which stays as it is; mostly without a copy.
     */
    public Decoded decode(ByteBuffer buffer, long received) {
        if (buffer == null) {
            return decode((byte[]) null, received);
        }
        if (avro == null && buffer.hasArray()) {
            int from = buffer.arrayOffset() + buffer.position();
            Object[] values = new Object[fields.size()];
            if (scanner.read(buffer.array(), from, from + buffer.remaining(), values)) {
                return complete(values, received);
            }
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return decode(bytes, received);
    }

    /**
     * As {@link #decode(byte[], long)}, but by the parser alone: what the short cut is measured
     * against.
     */
    Decoded parse(byte[] bytes, long received) {
        Object[] values = new Object[fields.size()];
        Rejected fault = readJson(bytes, values);
        return fault == null ? event(values, received) : fault;
    }

    /** An event of values, unless one of them says what is wrong with it. */
    private Decoded event(Object[] values, long received) {
        for (Object value : values) {
            if (value instanceof Rejected wrong) {
                return wrong;
            }
        }
        return complete(values, received);
    }

    /** An event of values that are all as they should be, unless one is missing. */
    private Decoded complete(Object[] values, long received) {
        List<String> missing = null;
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null && fields.get(i).required()) {
                FieldPlan field = fields.get(i);
                missing = missing == null ? new ArrayList<>() : missing;
                missing.add(field.name());
            }
        }
        if (missing != null) {
            String names =
                    missing.stream()
                            .map(name -> "'" + name + "'")
                            .collect(Collectors.joining(", "));
            return new Rejected(Cause.missing, "Missing fields: [" + names + "]");
        }
        Object eventTime = time == null ? null : values[time.index()];
        return new Event(values, eventTime == null ? received : (Long) eventTime);
    }

    /**
     * The text of one field of an event that may be invalid otherwise, for choosing its partition.
     *
     * @return {@code null} where it cannot be had
     */
    public String peek(byte[] bytes, FieldPlan field) {
        Object[] values = new Object[fields.size()];
        read(bytes, values);
        Object value = values[field.index()];
        return value == null || value instanceof Rejected ? null : value.toString();
    }

    /**
     * An event as JSON, for people and for records: the bytes themselves, or what Avro says. {@link
     * #EventDecoder(StreamPlan)} makes the same event of it.
     *
     * @return the bytes as they are where they cannot be read
     */
    public byte[] readable(byte[] bytes) {
        return avro == null ? bytes : avro.json(bytes);
    }

    private Rejected read(byte[] bytes, Object[] values) {
        if (avro != null) {
            return avro.read(bytes, values);
        }
        if (bytes != null && scanner.read(bytes, 0, bytes.length, values)) {
            return null;
        }
        Arrays.fill(values, null);
        return readJson(bytes, values);
    }

    private Rejected readJson(byte[] bytes, Object[] values) {
        Rejected unfit = unfit(bytes);
        if (unfit != null) {
            return unfit;
        }
        if (!isUtf8(bytes)) {
            return new Rejected(Cause.malformed, "Not UTF-8");
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                String what = first == null ? "nothing" : describe(first);
                return new Rejected(Cause.malformed, "Not a JSON object but " + what);
            }
            readObject(parser, tree, values);
            if (parser.nextToken() != null) {
                return new Rejected(Cause.malformed, "More than one JSON value");
            }
            return null;
        } catch (StreamConstraintsException e) {
            return new Rejected(
                    Cause.size,
                    "Too deep or too long: at most "
                            + EventLimits.DEPTH
                            + " levels of nesting, names of "
                            + EventLimits.STRING
                            + " characters and numbers of 400 digits are allowed");
        } catch (JacksonException e) {
            return new Rejected(
                    Cause.malformed,
                    "Not JSON: "
                            + printable(
                                    e.getOriginalMessage()
                                            .lines()
                                            .findFirst()
                                            .orElse("syntax error"),
                                    200)
                            + (e.getLocation() == null
                                    ? ""
                                    : " (at byte " + e.getLocation().getByteOffset() + ")"));
        }
    }

    /** What is wrong with an event in whatever format, before it is looked at; null for nothing. */
    static Rejected unfit(byte[] bytes) {
        if (bytes == null || bytes.length == 0) {
            return new Rejected(Cause.malformed, "Empty event");
        }
        return bytes.length <= EventLimits.BYTES
                ? null
                : new Rejected(
                        Cause.size,
                        "Too large: "
                                + bytes.length
                                + " bytes, at most "
                                + EventLimits.BYTES
                                + " are allowed");
    }

    /**
     * Reads the rest of an object whose start was read. What is wrong with a field takes the place
     * of its value, for a later one of the same name may mend it, and the rest must be JSON too.
     */
    private static void readObject(JsonParser parser, PathTree tree, Object[] values) {
        String name;
        while ((name = parser.nextName()) != null) {
            PathTree child = tree.child(name);
            JsonToken token = parser.nextToken();
            if (child == null) {
                parser.skipChildren();
            } else if (child.field() != null) {
                values[child.field().index()] = readField(parser, token, child.field());
            } else if (token == JsonToken.START_OBJECT) {
                child.clear(values);
                readObject(parser, child, values);
            } else {
                child.clear(values);
                parser.skipChildren();
            }
        }
    }

    private static Object readField(JsonParser parser, JsonToken token, FieldPlan field) {
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_STRING -> readString(parser.getString(), field);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> readNumber(parser, token, field);
            case VALUE_TRUE, VALUE_FALSE ->
                    field.type() == FieldType.bool
                            ? (Object) (token == JsonToken.VALUE_TRUE)
                            : mismatch(field, token);
            case START_OBJECT -> {
                if (field.type() == FieldType.object) {
                    yield readMap(parser);
                }
                parser.skipChildren();
                yield mismatch(field, token);
            }
            case START_ARRAY -> {
                if (field.type() == FieldType.array) {
                    yield readList(parser);
                }
                parser.skipChildren();
                yield mismatch(field, token);
            }
            default -> mismatch(field, token);
        };
    }

    static Object readString(String text, FieldPlan field) {
        if (field.type() == FieldType.timestamp) {
            OptionalLong time = Timestamps.parse(text);
            return time.isPresent()
                    ? (Object) time.getAsLong()
                    : new Rejected(
                            Cause.type,
                            "Wrong type: '"
                                    + field.name()
                                    + "' is no time: \""
                                    + printable(text, 80)
                                    + "\"; write it like 2026-01-31T12:00:00Z");
        }
        if (field.type() != FieldType.string) {
            return mismatch(field, JsonToken.VALUE_STRING);
        }
        if (text.length() > EventLimits.STRING) {
            return new Rejected(
                    Cause.size,
                    "Too long: '"
                            + field.name()
                            + "' has "
                            + text.length()
                            + " characters, at most "
                            + EventLimits.STRING
                            + " are allowed");
        }
        if (hasLoneSurrogate(text)) {
            return new Rejected(
                    Cause.malformed,
                    "Broken character in '" + field.name() + "': half of a surrogate pair");
        }
        if (!field.allowed().isEmpty() && !field.allowed().contains(text)) {
            return new Rejected(
                    Cause.value,
                    "Not allowed: '"
                            + field.name()
                            + "' is \""
                            + printable(text, 80)
                            + "\"; allowed are "
                            + String.join(", ", field.allowed()));
        }
        return text;
    }

    private static Object readNumber(JsonParser parser, JsonToken token, FieldPlan field) {
        return switch (field.type()) {
            case integer -> {
                OptionalLong whole = whole(parser, token);
                yield whole.isPresent() ? (Object) whole.getAsLong() : fraction(field);
            }
            case number -> number(parser.getDoubleValue(), field);
            case timestamp -> time(Timestamps.parse(parser.getDoubleValue()), field);
            default -> mismatch(field, token);
        };
    }

    static Object number(double value, FieldPlan field) {
        // -0.0 is 0.0: one value, one text
        double number = value + 0.0;
        return Math.abs(number) <= EventLimits.NUMBER
                ? (Object) number
                : new Rejected(Cause.size, "Too large: '" + field.name() + "' is beyond ±10^12");
    }

    static Object time(OptionalLong time, FieldPlan field) {
        return time.isPresent()
                ? (Object) time.getAsLong()
                : new Rejected(
                        Cause.type,
                        "Wrong type: '" + field.name() + "' is no time of the years 1970 to 9999");
    }

    static Rejected fraction(FieldPlan field) {
        return new Rejected(
                Cause.type, "Wrong type: '" + field.name() + "' is no integer of at most 64 bits");
    }

    /** An integer of 64 bits, exactly; also where it is written as 3.0 or 3e2. */
    private static OptionalLong whole(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? OptionalLong.empty()
                    : OptionalLong.of(parser.getLongValue());
        }
        try {
            return OptionalLong.of(parser.getDecimalValue().longValueExact());
        } catch (ArithmeticException | NumberFormatException | JacksonException e) {
            // it has a fraction, is too large, or has an exponent that not even decimals have
            return OptionalLong.empty();
        }
    }

    private static Map<String, Object> readMap(JsonParser parser) {
        Map<String, Object> map = new LinkedHashMap<>();
        String name;
        while ((name = parser.nextName()) != null) {
            map.put(name, readAny(parser, parser.nextToken()));
        }
        return map;
    }

    private static List<Object> readList(JsonParser parser) {
        List<Object> list = new ArrayList<>();
        JsonToken token;
        while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            list.add(readAny(parser, token));
        }
        return list;
    }

    private static Object readAny(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> readMap(parser);
            case START_ARRAY -> readList(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT ->
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? (Object) parser.getDoubleValue()
                            : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue() + 0.0;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static Rejected mismatch(FieldPlan field, JsonToken token) {
        return mismatch(field, describe(token));
    }

    /** Where a field has another type, described like {@code a string}. */
    static Rejected mismatch(FieldPlan field, String what) {
        String needs = field.type() == FieldType.bool ? "boolean" : field.type().name();
        return new Rejected(
                Cause.type, "Wrong type: '" + field.name() + "' is " + what + ", needs " + needs);
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case START_OBJECT, END_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> token.toString();
        };
    }

    /** The beginning of a text, fit for logs, JSON and Mongo whatever it holds. */
    static String printable(String text, int length) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(length)
                .map(c -> Character.isISOControl(c) || isSurrogate(c) ? '\ufffd' : c)
                .forEach(shown::appendCodePoint);
        return text.codePointCount(0, text.length()) > length
                ? shown.append('…').toString()
                : shown.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static boolean isUtf8(byte[] bytes) {
        // the parser would take a 0 at the start for UTF-16 or UTF-32, and JSON has none elsewhere
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            if (bytes[i] == 0) {
                return false;
            }
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] < 0) {
                return isUtf8(ByteBuffer.wrap(bytes, i, bytes.length - i));
            }
        }
        return true;
    }

    private static boolean isUtf8(ByteBuffer rest) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(rest);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "EventDecoder" + Arrays.toString(fields.stream().map(FieldPlan::name).toArray());
    }
}
