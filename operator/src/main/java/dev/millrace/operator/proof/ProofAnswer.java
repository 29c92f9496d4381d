package dev.millrace.operator.proof;

import dev.millrace.operator.proof.Proof.Verdict;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what an API answers to {@code GET /api/v1/proof}. Whatever it answers, something follows.
 */
final class ProofAnswer {
    /** A comparison proves something for so long. */
    static final Duration LATELY = Duration.ofMinutes(15);

    private static final int LONGEST = 300;

    private ProofAnswer() {}

    /** What follows from an answer at a time. */
    static Finding read(byte[] json, Instant now) {
        JsonNode proof;
        try {
            proof = JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            return Finding.unreachable("The API's answer to /api/v1/proof is no JSON");
        }
        JsonNode summary = proof.path("sinceStart");
        String process = summary.path("since").asString("");
        if (!proof.path("differing").isArray() || process.isEmpty()) {
            return Finding.unknown(
                    "ApiTooOld",
                    "The API does not tell which buckets differ: let it have the image of the operator's version",
                    null);
        }
        if (!proof.path("differing").isEmpty()) {
            return different(proof.path("differing"), process);
        }
        if (equal(proof.path("recent")).filter(at -> at.plus(LATELY).isAfter(now)).isPresent()) {
            return Finding.proven(process);
        }
        return obstacle(proof)
                .map(
                        why ->
                                Finding.unknown(
                                        "NothingProven",
                                        "No window could be counted again from the audit's records: "
                                                + why,
                                        process))
                .orElse(Finding.unknown(Proof.NOT_YET.reason(), Proof.NOT_YET.message(), process));
    }

    /** Part of the message of a proof of which a bucket is told. */
    static String mark(String bucket) {
        return "bucket " + bucket + " ";
    }

    private static Finding different(JsonNode differing, String process) {
        List<String> buckets = new ArrayList<>();
        differing.forEach(bucket -> buckets.add(text(bucket, "bucket")));
        JsonNode first = differing.path(0);
        String others = buckets.size() > 1 ? ", and other buckets differ too" : "";
        String message =
                "Metric %s, %sdiffers: Redis holds %s, the audit's records amount to %s (%s of its entries, most of all \"%s\")%s. GET /api/v1/proof tells all. Did anybody write to Redis? To count anew from Kafka, delete the pipeline's keys in Redis"
                        .formatted(
                                text(first, "metric"),
                                mark(buckets.getFirst()),
                                text(first, "fromRedis"),
                                text(first, "fromAudit"),
                                text(first, "entriesDifferent"),
                                text(first, "entry"),
                                others);
        return new Finding(
                new Proof(Verdict.DIFFERENT, "NumbersDiffer", message), buckets, process);
    }

    /** When a bucket was found equal last. */
    private static Optional<Instant> equal(JsonNode recent) {
        Instant newest = null;
        for (JsonNode one : recent) {
            Instant at = time(one.path("at").asString(""));
            boolean counts = at != null && "equal".equals(one.path("result").asString(""));
            if (counts && (newest == null || at.isAfter(newest))) {
                newest = at;
            }
        }
        return Optional.ofNullable(newest);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Optional<String> obstacle(JsonNode proof) {
        String waiting = text(proof.path("sinceStart"), "waiting");
        String skipped = text(proof.path("recent").path(0), "reason");
        return Optional.of(waiting.isEmpty() ? skipped : waiting).filter(why -> !why.isEmpty());
    }

    private static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        String text = value.isNumber() ? value.toString() : value.asString("");
        return text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "…" : text;
    }
}
