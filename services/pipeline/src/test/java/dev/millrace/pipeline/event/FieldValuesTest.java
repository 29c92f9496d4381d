package dev.millrace.pipeline.event;

import static dev.millrace.pipeline.event.OneOfEach.decode;
import static dev.millrace.pipeline.event.OneOfEach.field;
import static dev.millrace.pipeline.event.OneOfEach.rejected;
import static dev.millrace.pipeline.event.OneOfEach.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.event.Rejected.Cause;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which values fields of each type take, and what becomes of them. */
class FieldValuesTest {
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
}
