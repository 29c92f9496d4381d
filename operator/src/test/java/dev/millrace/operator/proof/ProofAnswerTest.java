package dev.millrace.operator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.proof.Proof.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What follows from what an API answers. */
class ProofAnswerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void bucketsThatWereRightLatelyProve() {
        Finding found = read("", "{\"result\": \"equal\", \"at\": \"2026-03-01T09:58:00Z\"}");
        assertThat(found.proof().verdict()).isEqualTo(Verdict.PROVEN);
        assertThat(found.process()).isEqualTo("2026-03-01T08:00:00Z");
    }

    @Test
    void whatWasRightLongAgoProvesNothing() {
        Finding found = read("", "{\"result\": \"equal\", \"at\": \"2026-03-01T09:40:00Z\"}");
        assertThat(found.proof()).isEqualTo(Proof.NOT_YET);
    }

    @Test
    void whatKeepsFromProvingIsTold() {
        Finding skipped =
                read(
                        "",
                        "{\"result\": \"skipped\", \"at\": \"2026-03-01T09:59:00Z\", \"reason\": \"the audit keeps too little\"}");
        assertThat(skipped.proof().verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(skipped.proof().message()).endsWith("the audit keeps too little");
        String waiting =
                """
                {"sinceStart": {"since": "2026-03-01T08:00:00Z", "waiting": "Redis cannot be read"},
                 "differing": [], "recent": []}""";
        assertThat(read(waiting).proof().message()).endsWith("Redis cannot be read");
        assertThat(read(waiting).proof().reason()).isEqualTo("NothingProven");
    }

    @Test
    void whatDiffersIsToldWithWhatToDo() {
        Finding found =
                read(
                        """
                        {"metric": "views", "bucket": "views:202603010950", "fromRedis": 12, "fromAudit": 10,
                         "entriesDifferent": 1, "entry": "/home"},
                        {"metric": "users", "bucket": "users:202603010951"}""",
                        "{\"result\": \"equal\", \"at\": \"2026-03-01T09:58:00Z\"}");
        assertThat(found.proof().verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(found.proof().message())
                .startsWith(
                        "Metric views, bucket views:202603010950 differs: Redis holds 12, the audit's records amount to 10 (")
                .contains("/home", "other buckets", "/api/v1/proof", "delete the pipeline's keys");
        assertThat(found.differing()).containsExactly("views:202603010950", "users:202603010951");
    }

    @Test
    void anApiOfBeforeCannotTell() {
        Finding found = read("{\"sinceStart\": {\"equal\": 5}, \"recent\": []}");
        assertThat(found.proof().reason()).isEqualTo("ApiTooOld");
        assertThat(found.process()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "null",
                "[]",
                "7",
                "{}",
                "{\"differing\": 7}",
                "{\"sinceStart\": {\"since\": \"x\"}, \"differing\": [7]}",
                "{\"sinceStart\": {\"since\": \"x\"}, \"differing\": [], \"recent\": [{\"result\": \"equal\", \"at\": \"soon\"}, 3]}",
                "{\"sinceStart\": []"
            })
    void anythingMayBeAnswered(String json) {
        Finding found = read(json);
        assertThat(found.proof().verdict()).isNotEqualTo(Verdict.PROVEN);
        assertThat(found.proof().message()).isNotBlank();
    }

    @Test
    void longTextsAreCut() {
        Finding found = read("{\"metric\": \"" + "m".repeat(99_999) + "\"}", "");
        assertThat(found.proof().message()).hasSizeLessThan(2_000);
    }

    private static Finding read(String differing, String recent) {
        return read(
                """
                {"sinceStart": {"since": "2026-03-01T08:00:00Z", "waiting": null},
                 "differing": [%s], "recent": [%s]}"""
                        .formatted(differing, recent));
    }

    private static Finding read(String json) {
        return ProofAnswer.read(json.getBytes(StandardCharsets.UTF_8), NOW);
    }
}
