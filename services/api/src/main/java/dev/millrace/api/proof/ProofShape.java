package dev.millrace.api.proof;

import dev.millrace.api.json.Shapes;
import dev.millrace.api.proof.ProofLog.Report;
import dev.millrace.api.proof.ProvenBucket.Result;
import dev.millrace.audit.recount.Contents.Difference;
import dev.millrace.pipeline.plan.Granularity;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Proofs in JSON. */
public final class ProofShape {
    private ProofShape() {}

    /** How proofs are going: a part of the status. */
    public static Map<String, Object> summary(Report report) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("since", Shapes.time(report.since()));
        for (Result result : Result.values()) {
            shape.put(result.name(), report.totals().get(result));
        }
        shape.put("differing", report.differing().size());
        shape.put("last", Shapes.time(report.last()));
        shape.put("waiting", report.obstacle());
        return shape;
    }

    /** All that is known of proofs. */
    static Map<String, Object> of(Report report) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("sinceStart", summary(report));
        shape.put(
                "lastDifferent",
                report.lastDifferent() == null ? null : bucket(report.lastDifferent()));
        shape.put("differing", report.differing().stream().map(ProofShape::bucket).toList());
        shape.put("recent", report.recent().stream().map(ProofShape::bucket).toList());
        return shape;
    }

    private static Map<String, Object> bucket(ProvenBucket one) {
        boolean all = one.bucket().granularity() == Granularity.ALL;
        Difference difference = one.difference();
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("metric", one.bucket().metric().name());
        shape.put("bucket", one.bucket().key());
        shape.put("length", one.bucket().granularity().text());
        shape.put("from", all ? null : Shapes.time(Instant.ofEpochMilli(one.bucket().start())));
        shape.put("at", Shapes.time(one.at()));
        shape.put("result", one.result().name());
        shape.put("fromRedis", one.fromRedis());
        shape.put("fromAudit", one.fromAudit());
        shape.put("equal", difference == null ? null : difference.entries() == 0);
        shape.put("entriesDifferent", difference == null ? null : difference.entries());
        shape.put("largestDifference", difference == null ? null : difference.largest());
        shape.put("entry", difference == null ? null : difference.entry());
        shape.put("reason", one.reason());
        return shape;
    }
}
