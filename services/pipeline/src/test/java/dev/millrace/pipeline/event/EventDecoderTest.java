package dev.millrace.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the bytes of an event turn out to be, however odd they are. */
class EventDecoderTest {
    private static final StreamPlan ONE_OF_EACH =
            TestPlans.streamOf(
                    """
                    s: {type: string, optional: true}, e: {type: string, enum: [a, b], optional: true},
                    i: {type: integer, optional: true}, d: {type: number, optional: true},
                    b: {type: boolean, optional: true}, t: {type: timestamp, optional: true},
                    o: {type: object, optional: true}, l: {type: array, optional: true},
                    p.q: {type: string, optional: true}, p.r.s: {type: integer, optional: true}
                    """);
    private static final EventDecoder DECODER = new EventDecoder(ONE_OF_EACH);

    private static Decoded decode(String json) {
        return DECODER.decode(json.getBytes(StandardCharsets.UTF_8), 77);
    }

    private static Object value(String field, String json) {
        Decoded decoded = decode(json);
        assertThat(decoded).as(json).isInstanceOf(Event.class);
        return ((Event) decoded).value(field(field));
    }

    private static FieldPlan field(String name) {
        return ONE_OF_EACH.schema().field(name).orElseThrow();
    }

    private static Rejected rejected(Decoded decoded, Cause cause) {
        assertThat(decoded).isInstanceOf(Rejected.class);
        Rejected rejected = (Rejected) decoded;
        assertThat(rejected.cause()).as(rejected.reason()).isEqualTo(cause);
        assertThat(rejected.reason())
                .isNotBlank()
                .hasSizeLessThan(400)
                .matches(text -> text.chars().noneMatch(Character::isISOControl), "printable")
                .matches(
                        text -> StandardCharsets.UTF_8.newEncoder().canEncode(text),
                        "without half characters");
        return rejected;
    }

    static Stream<Arguments> bytesThatAreNoEvent() {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        bytes.put("null", null);
        bytes.put("empty", new byte[0]);
        bytes.put("zero byte", new byte[1]);
        bytes.put("Latin-1", "{\"s\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1));
        bytes.put("overlong slash", HexFormat.of().parseHex("7b2273223a22c0af227d"));
        bytes.put("surrogate in UTF-8", HexFormat.of().parseHex("7b2273223a22eda080227d"));
        bytes.put("beyond Unicode", HexFormat.of().parseHex("7b2273223a22f4908080227d"));
        bytes.put("cut character", HexFormat.of().parseHex("7b2273223a22e282227d"));
        bytes.put("UTF-16LE", "{\"s\":\"a\"}".getBytes(StandardCharsets.UTF_16LE));
        bytes.put("UTF-16BE", "{\"s\":\"a\"}".getBytes(StandardCharsets.UTF_16BE));
        bytes.put("UTF-16 with mark", "{\"s\":\"a\"}".getBytes(StandardCharsets.UTF_16));
        bytes.put("UTF-32", "{\"s\":\"a\"}".getBytes(Charset.forName("UTF-32BE")));
        bytes.put("UTF-32LE", "{\"s\":\"a\"}".getBytes(Charset.forName("UTF-32LE")));
        for (String text :
                List.of(
                        " ",
                        "\n",
                        "null",
                        "true",
                        "false",
                        "0",
                        "-1",
                        "1e5",
                        "\"\"",
                        "\"{}\"",
                        "[]",
                        "[{}]",
                        "{",
                        "}",
                        "{]",
                        "{}}",
                        "{}{}",
                        "{} {}",
                        "{}x",
                        "{},",
                        "{} null",
                        "{}\u0000",
                        "{\"s\"}",
                        "{\"s\":}",
                        "{\"s\":\"a\",}",
                        "{,}",
                        "{s:1}",
                        "{'s':1}",
                        "{\"s\":'a'}",
                        "{\"s\":NaN}",
                        "{\"s\":Infinity}",
                        "{\"d\":-Infinity}",
                        "{\"i\":01}",
                        "{\"i\":+1}",
                        "{\"i\":.5}",
                        "{\"i\":5.}",
                        "{\"i\":0x1}",
                        "{\"i\":1e}",
                        "{\"i\":-}",
                        "{\"i\":1 2}",
                        "{\"s\":\"a}",
                        "{\"s\":\"\\x\"}",
                        "{\"s\":\"\\u12\"}",
                        "{\"s\":\"\t\"}",
                        "{\"s\":\"\u0000\"}",
                        "{\"s\u0001\":1}",
                        "{\"s\":undefined}",
                        "{\"s\":nul}",
                        "{\"x\":[1,2}",
                        "{\"x\":{]}",
                        "{//\n}",
                        "{/**/}",
                        "#{}",
                        "<xml/>",
                        "s=1",
                        "\ud83d\ude00",
                        "{\ud83d\ude00}",
                        "{\"a\":1;\"b\":2}",
                        "{\"x\":" + "[".repeat(60),
                        "{\"unknown\": tru}",
                        "{\"s\":\"a\"",
                        "{\"s\":\"a\"\"d\":1}")) {
            bytes.put(text, text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bytesThatAreNoEvent")
    void isMalformed(String name, byte[] bytes) {
        rejected(DECODER.decode(bytes, 0), Cause.malformed);
        assertThat(DECODER.peek(bytes, field("d"))).isNull();
    }

    static Stream<String> tooMuch() {
        return Stream.of(
                "{\"x\":" + "[".repeat(100_000),
                "{\"x\":" + "{\"x\":".repeat(100_000),
                "{\"o\":" + "{\"o\":".repeat(100_000) + "1" + "}".repeat(100_001),
                "{\"l\":" + "[".repeat(64) + "]".repeat(64) + "}",
                "{\"s\":" + "[".repeat(64) + "]".repeat(64) + "}",
                "{\"i\":" + "9".repeat(401) + "}",
                "{\"x\":" + "9".repeat(500_000) + "}",
                "{\"x\":0." + "1".repeat(500_000) + "}",
                "{\"" + "n".repeat(8_193) + "\":1}",
                "{\"s\":\"" + "a".repeat(8_193) + "\"}",
                "{\"s\":\"" + "\\u0061".repeat(8_193) + "\"}",
                "{\"s\":\"" + "a".repeat(1 << 20) + "\"}",
                "{\"x\":\"" + "a".repeat(1 << 20) + "\"}",
                " ".repeat(1 << 20) + "{}",
                "{\"d\":1e999}",
                "{\"d\":-1e400000}",
                "{\"d\":1e99999999999}",
                "{\"d\":1000000000000.5}",
                "{\"d\":" + "9".repeat(400) + "}");
    }

    @ParameterizedTest
    @MethodSource("tooMuch")
    void isTooLarge(String json) {
        rejected(decode(json), Cause.size);
    }

    @Test
    void whatIsJustWithinTheLimitsIsTaken() {
        assertThat(value("s", "{\"s\":\"" + "a".repeat(8_192) + "\"}"))
                .isEqualTo("a".repeat(8_192));
        assertThat(value("s", "{\"x\":" + "[".repeat(63) + "]".repeat(63) + "}")).isNull();
        assertThat(value("d", "{\"d\":1e12}")).isEqualTo(1e12);
        assertThat(value("d", "{\"d\":-1000000000000}")).isEqualTo(-1e12);
        String rest = "{\"x\":\"\"}";
        String full = rest.replace("\"\"", "\"" + "a".repeat((1 << 20) - rest.length()) + "\"");
        assertThat(full).hasSize(1 << 20);
        assertThat(decode(full)).isInstanceOf(Event.class);
        assertThat(decode("{\"x\":1e99999999999,\"l\":[-1e99999999999]}"))
                .isInstanceOf(Event.class);
        assertThat(value("o", "{\"o\":{\"a\":1e999}}"))
                .isEqualTo(Map.of("a", Double.POSITIVE_INFINITY));
    }

    @Test
    void eachTypeTakesWhatItTakesAndNothingElse() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("string", "\"a\"");
        kinds.put("integer", "5");
        kinds.put("fraction", "5.5");
        kinds.put("boolean", "true");
        kinds.put("object", "{\"k\":[1]}");
        kinds.put("array", "[{\"k\":1}]");
        Map<String, List<String>> takes =
                Map.of(
                        "s", List.of("string"),
                        "e", List.of("string"),
                        "i", List.of("integer"),
                        "d", List.of("integer", "fraction"),
                        "b", List.of("boolean"),
                        "t", List.of("integer", "fraction"),
                        "o", List.of("object"),
                        "l", List.of("array"),
                        "p.q", List.of("string"));
        takes.forEach(
                (name, taken) ->
                        kinds.forEach(
                                (kind, json) -> {
                                    String event =
                                            name.equals("p.q")
                                                    ? "{\"p\":{\"q\":" + json + "}}"
                                                    : "{\"" + name + "\":" + json + "}";
                                    if (taken.contains(kind)) {
                                        assertThat(value(name, event)).as(event).isNotNull();
                                    } else {
                                        assertThat(rejected(decode(event), Cause.type).reason())
                                                .contains("'" + name + "'");
                                    }
                                }));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i | 0 | 0",
                "i | -0 | 0",
                "i | 9223372036854775807 | 9223372036854775807",
                "i | -9223372036854775808 | -9223372036854775808",
                "i | 3.0 | 3",
                "i | -3e2 | -300",
                "i | 1E3 | 1000",
                "i | 9007199254740993.0 | 9007199254740993",
                "i | 9223372036854775807.0 | 9223372036854775807",
                "i | -0.0 | 0",
                "i | 1e-0 | 1",
                "d | 0 | 0.0",
                "d | -0 | 0.0",
                "d | -0.0 | 0.0",
                "d | 1e-400000 | 0.0",
                "d | 5 | 5.0",
                "d | 0.1 | 0.1",
                "d | 4.9e-324 | 4.9E-324",
                "b | true | true",
                "b | false | false",
            })
    void numbersAndBooleansHaveOneText(String field, String json, String text) {
        Decoded decoded = decode("{\"" + field + "\":" + json + "}");
        assertThat(((Event) decoded).text(field(field))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "1e19",
                "3.5",
                "1e999",
                "-1e400000",
                "9007199254740993.5",
                "0.99999999999999999999",
                "1e-99999999999",
                "1e99999999999",
                "9223372036854775807.5",
                "9223372036854775808.0",
                "0.1",
                "1e-5",
                "99999999999999999999999999999999999999999"
            })
    void isNoInteger(String json) {
        rejected(decode("{\"i\":" + json + "}"), Cause.type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"now\"",
                "\"2026-02-30\"",
                "-1",
                "1e999",
                "253402300800000",
                "\"x\\ud800\"",
                "\"2026-01-01T00:00:0\\u0000\"",
                "\"\\ud83d\\ude00\\n\\u001b[31m\"",
                "[1]",
                "true"
            })
    void isNoTime(String json) {
        rejected(decode("{\"t\":" + json + "}"), Cause.type);
    }

    @Test
    void valuesOutsideTheEnumAreNamedAndShortened() {
        assertThat(rejected(decode("{\"e\":\"c\"}"), Cause.value).reason())
                .isEqualTo("Not allowed: 'e' is \"c\"; allowed are a, b");
        assertThat(
                        rejected(
                                        decode("{\"e\":\"" + "\ud83d\ude00".repeat(500) + "\"}"),
                                        Cause.value)
                                .reason())
                .contains("\ud83d\ude00".repeat(80) + "…");
        rejected(decode("{\"e\":\"\\r\\n\\u0000\\u001b\"}"), Cause.value);
        rejected(decode("{\"e\":\"\"}"), Cause.value);
        rejected(decode("{\"e\":\"A\"}"), Cause.value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\\ud800", "\\udc00", "\\udc00\\ud800", "a\\ud83d", "\\ud83d\\ud83d\\ude00"})
    void halfACharacterIsRefused(String text) {
        rejected(decode("{\"s\":\"" + text + "\"}"), Cause.malformed);
        assertThat(decode("{\"undeclared\":\"" + text + "\"}")).isInstanceOf(Event.class);
    }

    @Test
    void stringsAreTakenAsTheyAre() {
        assertThat(value("s", "{\"s\":\"\"}")).isEqualTo("");
        assertThat(value("s", "{\"s\":\"{\\\"s\\\":1}\"}")).isEqualTo("{\"s\":1}");
        assertThat(value("s", "{\"s\":\"\\ud83d\\ude00\"}")).isEqualTo("\ud83d\ude00");
        assertThat(value("s", "{\"s\":\"\ud83d\ude00\"}")).isEqualTo("\ud83d\ude00");
        assertThat(value("s", "{\"\\u0073\":\"escaped name\"}")).isEqualTo("escaped name");
        assertThat(value("s", "{\"s\":\"\\u0000\"}")).isEqualTo("\u0000");
        assertThat(value("s", "\ufeff{\"s\":\"with a byte order mark\"}")).isNotNull();
    }

    @Test
    void namesThatMeanSomethingElsewhereMeanNothing() {
        for (String name :
                List.of(
                        "__proto__",
                        "constructor",
                        "prototype",
                        "toString",
                        "",
                        ".",
                        "p.q",
                        "$s",
                        "s ")) {
            assertThat(decode("{\"" + name + "\":{\"s\":5}}")).as(name).isInstanceOf(Event.class);
        }
        EventDecoder decoder =
                new EventDecoder(
                        TestPlans.streamOf(
                                "__proto__: {type: string}, constructor.name: {type: string}"));
        assertThat(
                        decoder.decode(
                                "{\"__proto__\":\"a\",\"constructor\":{\"name\":\"b\"}}"
                                        .getBytes(StandardCharsets.UTF_8),
                                0))
                .isInstanceOf(Event.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"s\":\"a\",\"s\":\"b\"} | s | b",
                "{\"s\":5,\"s\":\"b\"} | s | b",
                "{\"s\":\"a\",\"s\":null} | s | ",
                "{\"t\":\"x\",\"t\":1} | t | 1000",
                "{\"p\":{\"q\":\"a\"},\"p\":{\"q\":\"b\"}} | p.q | b",
                "{\"p\":{\"q\":\"a\"},\"p\":{}} | p.q | ",
                "{\"p\":{\"q\":\"a\"},\"p\":null} | p.q | ",
                "{\"p\":{\"q\":\"a\"},\"p\":[]} | p.q | ",
                "{\"p\":{\"q\":5},\"p\":{\"r\":{\"s\":1}}} | p.r.s | 1",
                "{\"p\":{\"q\":5,\"q\":\"b\"}} | p.q | b",
                "{\"p\":{\"r\":{\"s\":\"x\"},\"r\":1}} | p.r.s | ",
                "{\"p\":5} | p.q | ",
                "{\"p\":[{\"q\":\"a\"}]} | p.q | ",
                "{\"o\":{\"a\":1,\"a\":2}} | o | {a=2}"
            })
    void ofWhatIsThereTwiceTheLastOneCounts(String json, String field, String text) {
        assertThat(((Event) decode(json)).text(field(field))).isEqualTo(text);
    }

    @Test
    void theLastOfTwoIsJudged() {
        rejected(decode("{\"s\":\"a\",\"s\":5}"), Cause.type);
        rejected(decode("{\"p\":{\"q\":\"a\"},\"p\":{\"q\":5}}"), Cause.type);
        rejected(decode("{\"s\":5,\"x\":"), Cause.malformed);
        rejected(decode("{\"s\":5}{}"), Cause.malformed);
    }

    @Test
    void everyMissingFieldIsNamed() {
        EventDecoder decoder =
                new EventDecoder(
                        TestPlans.streamOf(
                                "user_id: {type: string}, event_type: {type: string}, a.b: {type: string}, x: {type: string, optional: true}"));
        Decoded decoded =
                decoder.decode("{\"user_id\":null,\"a\":{}}".getBytes(StandardCharsets.UTF_8), 0);
        assertThat(rejected(decoded, Cause.missing).reason())
                .isEqualTo("Missing fields: ['user_id', 'event_type', 'a.b']");
    }

    @Test
    void eventTimeIsTheTimeFieldOrWhenItWasReceived() {
        StreamPlan stream =
                TestPlans.plan(
                                "  streams: [{name: e, fields: {at: {type: timestamp, optional: true}}, time: at}]\n")
                        .streams()
                        .getFirst();
        EventDecoder decoder = new EventDecoder(stream);
        assertThat(
                        ((Event) decoder.decode("{\"at\":5}".getBytes(StandardCharsets.UTF_8), 77))
                                .time())
                .isEqualTo(5_000);
        assertThat(((Event) decoder.decode("{}".getBytes(StandardCharsets.UTF_8), 77)).time())
                .isEqualTo(77);
        assertThat(((Event) decode("{\"t\":5}")).time()).isEqualTo(77);
    }

    @Test
    void oneFieldOfAnInvalidEventCanBeHad() {
        byte[] bytes = "{\"s\":\"key\",\"i\":\"no number\",\"b\":".getBytes(StandardCharsets.UTF_8);
        assertThat(DECODER.peek(bytes, field("s"))).isEqualTo("key");
        assertThat(DECODER.peek(bytes, field("i"))).isNull();
        assertThat(DECODER.peek(null, field("s"))).isNull();
    }

    @Test
    void cuttingOrChangingAnEventNeverThrows() {
        byte[] whole =
                "{\"s\":\"ä\ud83d\ude00\\u00e9\",\"i\":12,\"d\":-1.5e3,\"b\":true,\"t\":\"2026-01-31T12:00:00Z\",\"o\":{\"a\":[null,{}]},\"p\":{\"q\":\"x\",\"r\":{\"s\":1}}}"
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(DECODER.decode(whole, 0)).isInstanceOf(Event.class);
        for (int length = 0; length < whole.length; length++) {
            ByteArrayOutputStream cut = new ByteArrayOutputStream();
            cut.write(whole, 0, length);
            rejected(DECODER.decode(cut.toByteArray(), 0), Cause.malformed);
            for (int change = 0; change < 256; change++) {
                byte[] changed = whole.clone();
                changed[length] = (byte) change;
                if (DECODER.decode(changed, 0) instanceof Rejected rejected) {
                    rejected(rejected, rejected.cause());
                }
            }
        }
    }
}
