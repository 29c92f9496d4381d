package dev.millrace.audit.document;

import dev.millrace.pipeline.event.EventLimits;

import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

import java.math.BigDecimal;

/**
 * The fields of a valid event as they were sent, as BSON. Nothing in them has a meaning: {@code
 * {"$oid": "..."}} stays an object with a string in it.
 *
 * <ul>
 *   <li>Whole numbers are int32 or int64. Beyond 64 bits they are decimal128, and beyond its 34
 *       digits strings.
 *   <li>Other numbers are doubles: of {@code 0.10} the number is kept, not the spelling. What no
 *       double can hold, such as {@code 1e400}, is decimal128 or a string.
 *   <li>Half of a surrogate pair, which no UTF-8 can hold, is U+FFFD in strings; events with one in
 *       a name are invalid.
 *   <li>Of a name that is there twice the last one counts, as for the pipeline's numbers.
 * </ul>
 */
final class EventBody {
    /** As wide as what the decoder admits: only its events come here. */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(EventLimits.DEPTH)
                                    .maxStringLength(EventLimits.BYTES)
                                    .maxNameLength(EventLimits.BYTES)
                                    .maxNumberLength(EventLimits.BYTES)
                                    .build())
                    .build();

    private EventBody() {}

    /**
     * Adds the fields of an event to a document.
     *
     * @throws tools.jackson.core.JacksonException where the bytes are no JSON
     */
    static void addTo(BsonDocument document, byte[] bytes) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            parser.nextToken();
            readFields(parser, document, true);
        }
    }

    private static void readFields(JsonParser parser, BsonDocument object, boolean top) {
        String name;
        while ((name = parser.nextName()) != null) {
            object.put(FieldName.encode(name, top), readValue(parser, parser.nextToken()));
        }
    }

    private static BsonValue readValue(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                BsonDocument object = new BsonDocument();
                readFields(parser, object, false);
                yield object;
            }
            case START_ARRAY -> {
                BsonArray array = new BsonArray();
                JsonToken next;
                while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
                    array.add(readValue(parser, next));
                }
                yield array;
            }
            case VALUE_STRING -> new BsonString(whole(parser.getString()));
            case VALUE_NUMBER_INT ->
                    switch (parser.getNumberType()) {
                        case INT -> new BsonInt32(parser.getIntValue());
                        case LONG -> new BsonInt64(parser.getLongValue());
                        default -> large(parser.getString());
                    };
            case VALUE_NUMBER_FLOAT -> readFraction(parser);
            case VALUE_TRUE -> BsonBoolean.TRUE;
            case VALUE_FALSE -> BsonBoolean.FALSE;
            default -> BsonNull.VALUE;
        };
    }

    private static BsonValue readFraction(JsonParser parser) {
        double number = parser.getDoubleValue();
        if (Double.isInfinite(number) || (number == 0 && !isZero(parser.getString()))) {
            return large(parser.getString());
        }
        return new BsonDouble(number);
    }

    private static boolean isZero(String number) {
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == 'e' || c == 'E') {
                return true;
            }
            if (c >= '1' && c <= '9') {
                return false;
            }
        }
        return true;
    }

    private static BsonValue large(String number) {
        try {
            return new BsonDecimal128(new Decimal128(new BigDecimal(number)));
        } catch (NumberFormatException e) {
            return new BsonString(number);
        }
    }

    /** A text without halves of surrogate pairs: in their place it has U+FFFD. */
    static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return replaceHalves(text);
            }
        }
        return text;
    }

    private static String replaceHalves(String text) {
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
