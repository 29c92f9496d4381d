package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.local.AccessCount.Span;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Compares what the API answers about a log with a count of its requests, one after the other. */
record LogNumbers(SentLog log, PipelineProcess pipeline) {
    /** The value of a metric, and the one before it. */
    void requireValues(String metric, String window) throws Exception {
        Span span = Span.of(window, log.newest());
        JsonNode answer =
                pipeline.get("/api/v1/metrics/" + metric + "?compare=previous&window=" + window);

        long value = new AccessCount(log.requests(), span).value(metric);
        assertThat(value).isPositive();
        assertThat(answer.path("value").asLong()).isEqualTo(value);
        if (window.equals("all")) {
            assertThat(answer.path("from").isNull()).isTrue();
            assertThat(answer.path("previous").isNull()).isTrue();
        } else {
            assertThat(Instant.parse(answer.path("from").asString())).isEqualTo(span.from());
            assertThat(Instant.parse(answer.path("to").asString())).isEqualTo(span.to());
            assertThat(answer.path("previous").asLong())
                    .isEqualTo(new AccessCount(log.requests(), span.before()).value(metric));
        }
    }

    /** All groups of a metric, in their order. */
    void requireGroups(String metric, String window, int pageSize) throws Exception {
        Span span = Span.of(window, log.newest());
        Map<String, Long> counted = new AccessCount(log.requests(), span).groups(metric);
        Map<String, Long> before =
                window.equals("all")
                        ? Map.of()
                        : new AccessCount(log.requests(), span.before()).groups(metric);
        List<String> expected =
                counted.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Long>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .map(
                                group ->
                                        "%s %d %s"
                                                .formatted(
                                                        group.getKey(),
                                                        group.getValue(),
                                                        window.equals("all")
                                                                ? null
                                                                : before.getOrDefault(
                                                                        group.getKey(), 0L)))
                        .toList();

        List<String> answered =
                pipeline.groups(metric, window, pageSize).stream()
                        .map(
                                group ->
                                        "%s %d %s"
                                                .formatted(
                                                        group.path("key").asString(),
                                                        group.path("value").asLong(),
                                                        group.path("previous").isNull()
                                                                ? null
                                                                : group.path("previous").asLong()))
                        .toList();
        assertThat(answered).containsExactlyElementsOf(expected);
    }
}
