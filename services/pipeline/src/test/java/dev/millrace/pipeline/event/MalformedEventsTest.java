package dev.millrace.pipeline.event;

import static dev.millrace.pipeline.event.OneOfEach.DECODER;
import static dev.millrace.pipeline.event.OneOfEach.decode;
import static dev.millrace.pipeline.event.OneOfEach.field;
import static dev.millrace.pipeline.event.OneOfEach.rejected;
import static dev.millrace.pipeline.event.OneOfEach.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.event.Rejected.Cause;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

/**
 * What is no event, or too much of one, is refused in words that can be shown, whatever the bytes
 * are.
 */
class MalformedEventsTest {
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

    @ParameterizedTest
    @ValueSource(
            strings = {"\\ud800", "\\udc00", "\\udc00\\ud800", "a\\ud83d", "\\ud83d\\ud83d\\ude00"})
    void halfACharacterIsRefused(String text) {
        rejected(decode("{\"s\":\"" + text + "\"}"), Cause.malformed);
        assertThat(decode("{\"undeclared\":\"" + text + "\"}")).isInstanceOf(Event.class);
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
