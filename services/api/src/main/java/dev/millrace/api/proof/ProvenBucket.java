package dev.millrace.api.proof;

import dev.millrace.audit.recount.Bucket;
import dev.millrace.audit.recount.Contents;
import dev.millrace.audit.recount.Contents.Difference;

import java.math.BigInteger;
import java.time.Instant;

/**
 * One bucket that was compared, or could not be.
 *
 * @param at when
 * @param result what came out
 * @param fromRedis {@link Contents#total() total} of what Redis holds; {@code null} where it was
 *     not compared
 * @param fromAudit the same of the recount
 * @param difference how they differ; {@code null} where they were not compared
 * @param reason why it could not be compared; {@code null} where it was
 */
public record ProvenBucket(
        Bucket bucket,
        Instant at,
        Result result,
        BigInteger fromRedis,
        BigInteger fromAudit,
        Difference difference,
        String reason) {
    /** What comes out of a comparison. */
    public enum Result {
        /** Redis holds what the records amount to, to the last number and value. */
        equal,
        /** It does not. */
        different,
        /** It could not be compared. */
        skipped
    }

    static ProvenBucket compared(Bucket bucket, Contents redis, Contents audit) {
        if (redis.hasOthers()) {
            return skipped(bucket, "it has more groups than are kept: see maxGroups");
        }
        Difference difference = redis.difference(audit);
        return new ProvenBucket(
                bucket,
                Instant.now(),
                difference.entries() == 0 ? Result.equal : Result.different,
                redis.total(),
                audit.total(),
                difference,
                null);
    }

    static ProvenBucket skipped(Bucket bucket, String reason) {
        return new ProvenBucket(bucket, Instant.now(), Result.skipped, null, null, null, reason);
    }
}
