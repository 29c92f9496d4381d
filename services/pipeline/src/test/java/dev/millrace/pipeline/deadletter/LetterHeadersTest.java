package dev.millrace.pipeline.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.event.Rejected.Cause;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Headers of dead letters, written and read. */
class LetterHeadersTest {
    private static final LetterHeaders SAID =
            new LetterHeaders(
                    "No row of 'products' has the key 'é'",
                    Cause.unmatched,
                    "items",
                    "orders",
                    3,
                    42,
                    1,
                    Instant.parse("2026-11-21T10:42:00.5Z"));

    @Test
    void whatIsWrittenIsRead() {
        Headers headers = new RecordHeaders();
        headers.add("millrace-reason", "of the event's sender".getBytes(StandardCharsets.UTF_8));
        SAID.addTo(headers);
        assertThat(LetterHeaders.of(headers)).contains(SAID);
    }

    @Test
    void aWholeEventHasNoElement() {
        Headers headers = new RecordHeaders();
        new LetterHeaders("r", Cause.late, "s", "t", 0, 0, -1, Instant.EPOCH).addTo(headers);
        assertThat(headers.lastHeader("millrace-element")).isNull();
        assertThat(LetterHeaders.of(headers).orElseThrow().element()).isNegative();
    }

    @ParameterizedTest
    @CsvSource({
        "millrace-cause, unheard-of",
        "millrace-partition, x",
        "millrace-offset, 99999999999999999999",
        "millrace-element, one",
        "millrace-timestamp, yesterday"
    })
    void whatCannotBeReadIsNoLetter(String name, String value) {
        Headers headers = new RecordHeaders();
        SAID.addTo(headers);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        assertThat(LetterHeaders.of(headers)).isEmpty();
    }

    @Test
    void aMissingHeaderIsNoLetter() {
        Headers headers = new RecordHeaders();
        assertThat(LetterHeaders.of(headers)).isEmpty();
        SAID.addTo(headers);
        headers.add("millrace-topic", null);
        assertThat(LetterHeaders.of(headers)).isEmpty();
    }
}
