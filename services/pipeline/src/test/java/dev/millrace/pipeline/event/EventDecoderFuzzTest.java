package dev.millrace.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.junit.jupiter.api.Test;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/** The decoder agrees with a slow one that reads the whole event as a tree first. */
class EventDecoderFuzzTest {
    private static final StreamPlan STREAM =
            TestPlans.streamOf(
                    """
                    s: {type: string}, e: {type: string, enum: [a, b, ""], optional: true},
                    i: {type: integer, optional: true}, d: {type: number, optional: true},
                    b: {type: boolean, optional: true}, t: {type: timestamp, optional: true},
                    o: {type: object, optional: true}, l: {type: array, optional: true},
                    p.q: {type: string, optional: true}, p.r.s: {type: integer, optional: true},
                    p.r.t: {type: timestamp, optional: true}
                    """);
    private static final JsonMapper TREES =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(64)
                                                    .maxNumberLength(400)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
    private static final String[] NAMES = {
        "s", "e", "i", "d", "b", "t", "o", "l", "p", "q", "r", "x", "p.q", "", "é", "__proto__"
    };
    private static final String[] STRINGS = {
        "",
        "a",
        "b",
        "user-7",
        "ä€\ud83d\ude00",
        "\\u0041",
        "\\ud83d\\ude00",
        "\\ud83d",
        "\\n\\t",
        "2026-01-31T12:00:00Z",
        "2026-01-31",
        "1700000000",
        "{}",
        "\\\"",
        "null"
    };
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "-1",
        "7.0",
        "1.5",
        "-0.0",
        "1e3",
        "1e-3",
        "1700000000",
        "1700000000.123",
        "1700000000123",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1e12",
        "1000000000001",
        "1e300",
        "9007199254740993",
        "9007199254740993.0",
        "0.1e1",
        "5e-324"
    };

    @Test
    void agreesWithATreeOfTheWholeEvent() {
        Random random = new Random(20261121);
        EventDecoder decoder = new EventDecoder(STREAM);
        Map<Cause, Integer> causes = new EnumMap<>(Cause.class);
        int valid = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder();
            object(text, random, 0, i % 2 == 0);
            if (random.nextInt(12) == 0) {
                text.setCharAt(
                        random.nextInt(text.length()),
                        "{}[]\",:0e-x \\".charAt(random.nextInt(13)));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);

            Object expected = reference(bytes);
            Decoded decoded = decoder.decode(bytes, 0);

            if (expected == null) {
                assertThat(decoded).isNotNull();
                continue;
            }
            if (decoded instanceof Event event) {
                Map<String, Object> values = new LinkedHashMap<>();
                STREAM.schema()
                        .fields()
                        .forEach(field -> values.put(field.name(), event.value(field)));
                assertThat((Object) values).as("%s", text).isEqualTo(expected);
                valid++;
            } else {
                assertThat(((Rejected) decoded).cause())
                        .as("%s %s", decoded, text)
                        .isEqualTo(expected);
                causes.merge(((Rejected) decoded).cause(), 1, Integer::sum);
            }
        }
        assertThat(valid).isGreaterThan(1_500);
        assertThat(causes.keySet())
                .contains(Cause.malformed, Cause.missing, Cause.type, Cause.value, Cause.size);
    }

    private static void object(StringBuilder text, Random random, int depth, boolean likely) {
        text.append('{');
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            text.append(i > 0 ? "," : "");
            pair(text, random, depth, likely);
        }
        if (depth == 0 && likely) {
            text.append(count > 0 ? "," : "").append("\"s\":\"always\"");
        }
        text.append(random.nextInt(9) == 0 ? " }" : "}");
    }

    private static void pair(StringBuilder text, Random random, int depth, boolean likely) {
        String name = NAMES[random.nextInt(NAMES.length)];
        text.append('"').append(name).append("\":");
        if (likely && random.nextInt(5) > 0) {
            switch (name) {
                case "s", "q" -> string(text, random);
                case "e" -> text.append(random.nextBoolean() ? "\"a\"" : "\"b\"");
                case "i", "d", "t" -> text.append(random.nextInt(1_000));
                case "b" -> text.append(random.nextBoolean());
                case "p", "r", "o" -> object(text, random, depth + 1, true);
                default -> value(text, random, depth);
            }
        } else {
            value(text, random, depth);
        }
    }

    private static void value(StringBuilder text, Random random, int depth) {
        switch (random.nextInt(depth > 3 ? 4 : 7)) {
            case 0, 1 -> string(text, random);
            case 2 -> text.append(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 3 -> text.append(random.nextInt(3) == 0 ? "null" : random.nextBoolean());
            case 4 -> {
                text.append('[');
                for (int i = random.nextInt(3); i >= 0; i--) {
                    value(text, random, depth + 1);
                    text.append(i > 0 ? "," : "]");
                }
            }
            default -> object(text, random, depth + 1, random.nextBoolean());
        }
    }

    private static void string(StringBuilder text, Random random) {
        text.append('"').append(STRINGS[random.nextInt(STRINGS.length)]).append('"');
    }

    /** The values by name, or the cause why there are none; null where the tree fails. */
    private static Object reference(byte[] bytes) {
        JsonNode tree;
        try {
            tree = TREES.readTree(bytes);
        } catch (JacksonException e) {
            return Cause.malformed;
        } catch (NumberFormatException e) {
            return null; // the tree cannot hold the exponent
        }
        if (!tree.isObject()) {
            return Cause.malformed;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        boolean missing = false;
        for (FieldPlan field : STREAM.schema().fields()) {
            JsonNode node = tree;
            for (String name : field.path()) {
                node = node.path(name);
            }
            Object value = node.isMissingNode() || node.isNull() ? null : convert(field, node);
            if (value instanceof Cause) {
                return value;
            }
            missing |= value == null && field.required();
            values.put(field.name(), value);
        }
        return missing ? Cause.missing : values;
    }

    private static Object convert(FieldPlan field, JsonNode node) {
        return switch (field.type()) {
            case string -> node.isString() ? string(field, node.stringValue()) : Cause.type;
            case integer -> node.isNumber() ? integer(node.decimalValue()) : Cause.type;
            case number -> {
                if (!node.isNumber()) {
                    yield Cause.type;
                }
                double number = node.decimalValue().doubleValue();
                yield Math.abs(number) <= 1e12 ? (Object) (number + 0.0) : Cause.size;
            }
            case bool -> node.isBoolean() ? (Object) node.booleanValue() : Cause.type;
            case timestamp -> {
                OptionalLong time =
                        node.isString()
                                ? Timestamps.parse(node.stringValue())
                                : node.isNumber()
                                        ? Timestamps.parse(node.decimalValue().doubleValue())
                                        : OptionalLong.empty();
                yield time.isPresent() ? (Object) time.getAsLong() : Cause.type;
            }
            case object -> node.isObject() ? any(node) : Cause.type;
            case array -> node.isArray() ? any(node) : Cause.type;
        };
    }

    private static Object string(FieldPlan field, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return Cause.malformed;
        }
        return field.allowed().isEmpty() || field.allowed().contains(text) ? text : Cause.value;
    }

    private static Object integer(BigDecimal number) {
        try {
            return number.toBigIntegerExact().longValueExact();
        } catch (ArithmeticException e) {
            return Cause.type;
        }
    }

    private static Object any(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.forEachEntry((name, part) -> map.put(name, any(part)));
            return map;
        } else if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(part -> list.add(any(part)));
            return list;
        } else if (node.isIntegralNumber()) {
            return node.canConvertToLong()
                    ? (Object) node.longValue()
                    : (Object) node.decimalValue().doubleValue();
        } else if (node.isNumber()) {
            return node.decimalValue().doubleValue();
        } else if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() ? null : node.stringValue();
    }
}
