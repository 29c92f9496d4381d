package dev.millrace.api.openapi;

import static dev.millrace.api.openapi.Schemas.BOOLEAN;
import static dev.millrace.api.openapi.Schemas.COUNT;
import static dev.millrace.api.openapi.Schemas.INTEGER;
import static dev.millrace.api.openapi.Schemas.STRING;
import static dev.millrace.api.openapi.Schemas.TIME;
import static dev.millrace.api.openapi.Schemas.array;
import static dev.millrace.api.openapi.Schemas.described;
import static dev.millrace.api.openapi.Schemas.object;
import static dev.millrace.api.openapi.Schemas.oneOf;
import static dev.millrace.api.openapi.Schemas.orNull;
import static dev.millrace.api.openapi.Schemas.ref;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes of what is told of proofs. */
final class ProofSchemas {
    private ProofSchemas() {}

    static void add(Map<String, Object> schemas) {
        schemas.put(
                "ProofSummary",
                object(
                        Map.entry("since", described(TIME, "When this API started")),
                        Map.entry("equal", COUNT),
                        Map.entry("different", COUNT),
                        Map.entry("skipped", COUNT),
                        Map.entry(
                                "differing",
                                described(
                                        COUNT,
                                        "Buckets that differed when they were compared last")),
                        Map.entry(
                                "last", described(orNull(TIME), "When buckets were compared last")),
                        Map.entry(
                                "waiting",
                                described(
                                        orNull(STRING),
                                        "Why none is compared now; null where some are"))));
        Map<String, Object> bucket = new LinkedHashMap<>();
        bucket.put("metric", STRING);
        bucket.put("bucket", described(STRING, "Its key in Redis"));
        bucket.put("length", oneOf(List.of("1m", "1h", "1d", "all")));
        bucket.put("from", orNull(TIME));
        bucket.put("at", described(TIME, "When it was compared"));
        bucket.put("result", oneOf(List.of("equal", "different", "skipped")));
        bucket.put(
                "fromRedis",
                described(
                        orNull(INTEGER),
                        "Different values of unique; else all its integers added up"));
        bucket.put("fromAudit", orNull(INTEGER));
        bucket.put("equal", orNull(BOOLEAN));
        bucket.put("entriesDifferent", orNull(COUNT));
        bucket.put("largestDifference", orNull(COUNT));
        bucket.put("entry", described(orNull(STRING), "The group that differs most"));
        bucket.put("reason", described(orNull(STRING), "Why it was skipped"));
        schemas.put("ProvenBucket", Schemas.object(bucket, List.of()));
        schemas.put(
                "Proof",
                object(
                        Map.entry("sinceStart", ref("ProofSummary")),
                        Map.entry("lastDifferent", nullable()),
                        Map.entry(
                                "differing",
                                described(
                                        array(ref("ProvenBucket")),
                                        "Buckets that differed when they were compared last, the"
                                                + " first found first; at most 100")),
                        Map.entry("recent", array(ref("ProvenBucket")))));
    }

    private static Map<String, Object> nullable() {
        return Map.of("anyOf", List.of(ref("ProvenBucket"), Map.of("type", "null")));
    }
}
