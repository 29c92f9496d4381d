package dev.millrace.producer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpStatus;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

class CloudEventsTest {
    private static final String ENVELOPE =
            "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/test\",\"type\":\"t\"";

    @Test
    void dataIsTheEventByteForByte() {
        assertThat(split("{" + ENVELOPE + ",\"data\": { \"a\" : [1.50, \"é\\u00e9\"] } }", false))
                .containsExactly("{ \"a\" : [1.50, \"é\\u00e9\"] }");
        assertThat(split("{\"data\":{\"a\":1}," + ENVELOPE + ",\"ext\":{\"data\":2}}", false))
                .containsExactly("{\"a\":1}");
        assertThat(split("{" + ENVELOPE + ",\"data\":\"plain\"}", false))
                .containsExactly("\"plain\"");
    }

    @Test
    void dataMayBeEncoded() {
        assertThat(split("{" + ENVELOPE + ",\"data_base64\":\"eyJhIjoxfQ==\"}", false))
                .containsExactly("{\"a\":1}");
        assertThat(
                        split(
                                "{"
                                        + ENVELOPE
                                        + ",\"datacontenttype\":\"text/plain\",\"data\":\"{\\\"a\\\":1}\"}",
                                false))
                .containsExactly("{\"a\":1}");
    }

    @Test
    void batchesHoldSeveral() {
        String one = "{" + ENVELOPE + ",\"data\":{\"a\":1}}";
        String two = "{" + ENVELOPE + ",\"data_base64\":\"eyJhIjoyfQ==\"}";
        assertThat(split("[" + one + ", " + two + " ," + one + "]", true))
                .containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":1}");
        assertThat(split("[]", true)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data\":{}}|specversion null",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data\":{}}|specversion 0.3",
                "{\"specversion\":\"1.0\",\"source\":\"s\",\"type\":\"t\",\"data\":{}}|has no id",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"\",\"type\":\"t\",\"data\":{}}|has no source",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":7,\"data\":{}}|has no type",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}|neither data nor data_base64",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data\":null}|neither data nor data_base64",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data_base64\":\"?\"}|no Base64",
                "[]|is not a JSON object",
                "{\"specversion\":|not JSON from byte 15 on",
            })
    void faultyEnvelopesAreRefused(String body, String problem) {
        assertThatThrownBy(() -> split(body, false))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.status()).isEqualTo(HttpStatus.BAD_REQUEST))
                .hasMessageContaining(problem);
    }

    @Test
    void faultyEnvelopesOfABatchAreNamed() {
        String good = "{" + ENVELOPE + ",\"data\":{}}";
        assertThatThrownBy(() -> split("[" + good + ",{\"id\":\"2\"}]", true))
                .hasMessageContaining("CloudEvent 1 (counted from 0)");
        assertThatThrownBy(() -> split(good, true)).hasMessageContaining("not an array");
    }

    @Test
    void envelopesInHeadersAreChecked() {
        assertThatCode(() -> CloudEvents.check("1.0", "1", "/s", "t")).doesNotThrowAnyException();
        assertThatThrownBy(() -> CloudEvents.check("1.0", null, "/s", "t"))
                .hasMessageContaining("has no id");
    }

    private static List<String> split(String body, boolean batch) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        RawEvents events = new RawEvents(bytes, 100);
        CloudEvents.split(bytes, 0, batch, events);
        return IntStream.range(0, events.count())
                .mapToObj(i -> new String(events.event(i), StandardCharsets.UTF_8))
                .toList();
    }
}
