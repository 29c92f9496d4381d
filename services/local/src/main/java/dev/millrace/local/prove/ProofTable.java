package dev.millrace.local.prove;

import dev.millrace.api.proof.ProvenBucket;
import dev.millrace.api.proof.ProvenBucket.Result;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came out of a proof, a line for each metric. */
final class ProofTable {
    /** How many different buckets, and how many reasons, are named. */
    private static final int NAMED = 10;

    private static final String LINE = "%-28s %8s %8s %10s %8s  %s%n";

    private static final class Row {
        private long equal;
        private long different;
        private long skipped;
        private BigInteger largest = BigInteger.ZERO;
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<ProvenBucket> different = new ArrayList<>();
    private final Map<String, Long> reasons = new LinkedHashMap<>();

    ProofTable(List<ProvenBucket> proven) {
        for (ProvenBucket one : proven) {
            Row row = rows.computeIfAbsent(one.bucket().metric().name(), any -> new Row());
            switch (one.result()) {
                case equal -> row.equal++;
                case different -> {
                    row.different++;
                    row.largest = row.largest.max(one.difference().largest());
                    different.add(one);
                }
                case skipped -> {
                    row.skipped++;
                    reasons.merge(one.reason(), 1L, Long::sum);
                }
            }
        }
    }

    boolean hasDifference() {
        return !different.isEmpty();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(
                LINE.formatted(
                        "metric",
                        "buckets",
                        Result.equal,
                        Result.different,
                        Result.skipped,
                        "largest difference"));
        rows.forEach(
                (metric, row) ->
                        text.append(
                                LINE.formatted(
                                        metric,
                                        row.equal + row.different + row.skipped,
                                        row.equal,
                                        row.different,
                                        row.skipped,
                                        row.largest)));
        different.stream()
                .limit(NAMED)
                .forEach(
                        one ->
                                text.append(
                                        "different: %s: Redis has %s, the records have %s; %d entries differ, \"%s\" by %s%n"
                                                .formatted(
                                                        one.bucket().key(),
                                                        one.fromRedis(),
                                                        one.fromAudit(),
                                                        one.difference().entries(),
                                                        one.difference().entry(),
                                                        one.difference().largest())));
        if (different.size() > NAMED) {
            text.append("and %d different ones more%n".formatted(different.size() - NAMED));
        }
        reasons.entrySet().stream()
                .limit(NAMED)
                .forEach(
                        reason ->
                                text.append(
                                        "skipped %d: %s%n"
                                                .formatted(reason.getValue(), reason.getKey())));
        return text.toString();
    }
}
