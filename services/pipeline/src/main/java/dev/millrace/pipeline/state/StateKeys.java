package dev.millrace.pipeline.state;

import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;

import java.util.UUID;

/**
 * The names of a pipeline's keys in Redis. One bucket of a metric is one key, made of the metric's
 * name and the bucket's stamp:
 *
 * <table>
 * <caption>Keys of buckets</caption>
 * <tr><td>{@code count}, {@code sum}</td><td>{@code hits:202611211042}</td><td>string: a 64-bit integer</td></tr>
 * <tr><td>{@code count} with {@code by}</td><td>{@code page_views:202611211042}</td><td>sorted set: group to count</td></tr>
 * <tr><td>{@code sum} with {@code by}</td><td>{@code bytes_by_path:202611211042}</td><td>hash: group to a 64-bit integer</td></tr>
 * <tr><td>{@code average}</td><td>{@code price:202611211042}</td><td>hash: {@code sum} and {@code count} to 64-bit integers</td></tr>
 * <tr><td>{@code average} with {@code by}</td><td>{@code price_by_kind:202611211042}</td><td>hash: {@code sum:GROUP} and {@code count:GROUP}</td></tr>
 * <tr><td>{@code min}, {@code max}</td><td>{@code slowest:202611211042}</td><td>string: a 64-bit integer; no key where there was no event</td></tr>
 * <tr><td>{@code min}, {@code max} with {@code by}</td><td>{@code slowest_by_path:202611211042}</td><td>hash: group to a 64-bit integer</td></tr>
 * <tr><td>{@code percentiles}</td><td>{@code delay:202611211042}</td><td>hash: {@code sum}, {@code min}, {@code max}, and of {@link LogBuckets} number to count</td></tr>
 * <tr><td>{@code percentiles} with {@code by}</td><td>{@code delay_by_path:202611211042}</td><td>hash: the same with {@code :GROUP} behind</td></tr>
 * <tr><td>{@code unique}</td><td>{@code active_users:202611211042}</td><td>set of values</td></tr>
 * <tr><td>{@code unique} with {@code by}</td><td>{@code active_sessions:user-7:202611211042}</td><td>set of the group's values</td></tr>
 * <tr><td></td><td>{@code active_sessions:202611211042}</td><td>sorted set: group to the size of its set</td></tr>
 * <tr><td>{@code unique}, {@code approximate}</td><td>{@code visitors:202611211042}</td><td>string: a HyperLogLog of the values, see {@link HyperLogLog}</td></tr>
 * <tr><td>the same with {@code by}</td><td>{@code visitors_of:/home:202611211042}</td><td>string: a HyperLogLog of the group's values</td></tr>
 * <tr><td></td><td>{@code visitors_of:202611211042}</td><td>sorted set: group to the flush that changed its HyperLogLog last</td></tr>
 * <tr><td>{@code latest}</td><td>{@code couriers:all}</td><td>hash: key to {@code TIME:PARTITION:ROW}, see {@link Row}</td></tr>
 * <tr><td></td><td>{@code couriers:all:times}</td><td>sorted set: key to the time of its event, in milliseconds</td></tr>
 * <tr><td></td><td>{@code couriers:all:changes}</td><td>sorted set: key to the flush that changed it last</td></tr>
 * <tr><td></td><td>{@code couriers:all:dropped}</td><td>string: how many rows were dropped to keep the limit</td></tr>
 * </table>
 *
 * <p>Of {@code count} and {@code sum} with {@code by}, and of {@code unique} unless {@code
 * approximate}, what comes many thousands at a time is packed into one string beside the bucket:
 * {@link #packed}. The bucket is both together.
 *
 * <p>A bucket has a limited number of groups; what belongs to others is in the group {@link
 * GroupKey#OTHER}, wherever there are groups.
 *
 * <p>Integers of fields of type {@code number} are millionths: see {@link StoredNumber}.
 *
 * <p>All other keys begin with {@code millrace:PIPELINE:}.
 */
public final class StateKeys {
    /** The field of {@code average} and {@code percentiles} that holds the sum. */
    public static final String SUM = "sum";

    /** The field of {@code average} that holds how many numbers were added up. */
    public static final String COUNT = "count";

    /** The field of {@code percentiles} that holds the least number. */
    public static final String MIN = "min";

    /** The field of {@code percentiles} that holds the greatest number. */
    public static final String MAX = "max";

    private static final String PACKED = ":packed";

    private final String prefix;

    /** The keys of a pipeline. */
    public StateKeys(Plan plan) {
        this.prefix = "millrace:" + plan.name() + ":";
    }

    /** The bucket of a metric that a time falls in. */
    public static String bucket(MeasurePlan metric, Granularity granularity, long epochMillis) {
        return metric.name() + ":" + granularity.stamp(epochMillis);
    }

    /**
     * The values of one group, of {@code unique} with {@code by}: a set, or a HyperLogLog.
     *
     * @param bucket the metric's bucket, as {@link #bucket} names it
     */
    public static String groupSet(MeasurePlan metric, String bucket, String group) {
        return metric.name() + ":" + group + bucket.substring(metric.name().length());
    }

    /**
     * The packed part of a bucket, see {@link PackedReader}.
     *
     * @param bucket the metric's bucket, as {@link #bucket} names it
     */
    public static String packed(String bucket) {
        return bucket + PACKED;
    }

    /**
     * Where a packed part is packed anew, before it takes that part's place.
     *
     * @param id of this one time
     */
    public static String repacked(String bucket, UUID id) {
        return bucket + ":repacked:" + id;
    }

    /** The bucket that a key is the packed part of, or the key itself. */
    public static String bucketOf(String key) {
        return key.endsWith(PACKED) ? key.substring(0, key.length() - PACKED.length()) : key;
    }

    /**
     * The times of the rows of {@code latest}.
     *
     * @param bucket the metric's bucket, as {@link #bucket} names it
     */
    public static String rowTimes(String bucket) {
        return bucket + ":times";
    }

    /** Which flush changed a row of {@code latest} last. Readers follow it. */
    public static String rowChanges(String bucket) {
        return bucket + ":changes";
    }

    /** How many rows of {@code latest} were dropped to keep the limit. */
    public static String rowsDropped(String bucket) {
        return bucket + ":dropped";
    }

    /**
     * The field of one group within a bucket of {@code average} or {@code percentiles}.
     *
     * @param name what the field holds; the empty name for what stands behind all of them
     * @param group {@code null} for a metric without groups
     */
    public static String field(String name, String group) {
        return group == null ? name : name + ":" + group;
    }

    /**
     * Hash: {@code TOPIC:PARTITION} to {@code OFFSET:WATERMARK}: the next offset to count, and the
     * highest event time before it. The truth about what the buckets hold.
     */
    public String positions() {
        return prefix + "positions";
    }

    /**
     * Hash: {@code TOPIC:PARTITION} to the number of the owner that last took the partition;
     * flushes of earlier owners are refused.
     */
    public String owners() {
        return prefix + "owners";
    }

    /**
     * Hash of what holds for the whole state: {@code fingerprint} of the plan, {@code era} (a new
     * one whenever the state may have gone back), {@code sequence} of flushes.
     */
    public String meta() {
        return prefix + "meta";
    }

    /**
     * Hash of totals since the start: {@code valid}, {@code late} and one {@code rejected:CAUSE}
     * for each cause.
     */
    public String totals() {
        return prefix + "totals";
    }

    /**
     * Sorted set: a bucket's key to the sequence number of the flush that changed it last. Readers
     * follow it.
     */
    public String changes() {
        return prefix + "changes";
    }

    /**
     * Sorted set: a bucket's key to when it is to be removed, in seconds since 1970 on the
     * pipeline's clock.
     */
    public String expiries() {
        return prefix + "expiries";
    }

    /**
     * List of the newest dead letters, as JSON, newest first; at most {@link #RECENT_DEAD_LETTERS}.
     */
    public String recentDeadLetters() {
        return prefix + "dead-letters";
    }

    /**
     * Hash: {@code TOPIC:PARTITION} to how many events were gone from Kafka before they could be
     * counted.
     */
    public String losses() {
        return prefix + "losses";
    }

    /** How many dead letters are kept for showing. */
    public static final int RECENT_DEAD_LETTERS = 100;
}
