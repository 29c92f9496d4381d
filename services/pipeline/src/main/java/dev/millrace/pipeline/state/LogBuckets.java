package dev.millrace.pipeline.state;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Buckets of numbers for {@code percentiles}: each is 2 % wide, so that any number in it is within
 * 1 % of {@link #value the one that stands for it}. They do not depend on the numbers, so counts of
 * buckets can be added up in any order. There are at most {@value #MOST} of them.
 *
 * <p>Bucket 0 is zero. Bucket {@code n} holds the positive {@link StoredNumber stored numbers}
 * above {@code 1.02^(n-2)}, up to {@code 1.02^(n-1)}; bucket {@code -n} their negatives.
 */
public final class LogBuckets {
    /** How many buckets all 64-bit integers fall in. */
    public static final int MOST = 4_415;

    private static final BigDecimal WIDTH = new BigDecimal("1.02");
    private static final double LOG_WIDTH = Math.log(1.02);

    /** The greatest number of each positive bucket; that of bucket {@code n} is at {@code n-1}. */
    private static final long[] GREATEST = greatest();

    private LogBuckets() {}

    private static long[] greatest() {
        List<Long> bounds = new ArrayList<>();
        BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
        BigDecimal power = BigDecimal.ONE;
        while (power.compareTo(most) < 0) {
            bounds.add(power.longValue());
            power = power.multiply(WIDTH, MathContext.DECIMAL128);
        }
        bounds.add(Long.MAX_VALUE);
        return bounds.stream().mapToLong(Long::longValue).toArray();
    }

    /** The bucket of a stored number. */
    public static int bucket(long number) {
        if (number == 0) {
            return 0;
        }
        // the least integer has no opposite; it shares the bucket of its neighbour
        return number > 0 ? positive(number) : -positive(-Math.max(number, -Long.MAX_VALUE));
    }

    private static int positive(long number) {
        int at = Math.clamp((long) (Math.log(number) / LOG_WIDTH), 0, GREATEST.length - 1);
        // the logarithm only finds the neighbourhood: the bounds decide, the same on any machine
        while (GREATEST[at] < number) {
            at++;
        }
        while (at > 0 && GREATEST[at - 1] >= number) {
            at--;
        }
        return at + 1;
    }

    /** The number that stands for those of a bucket, within 1 % of each of them. */
    public static double value(int bucket) {
        if (bucket == 0) {
            return 0;
        }
        int at = Math.min(Math.abs(bucket), GREATEST.length) - 1;
        double least = at == 0 ? 1 : GREATEST[at - 1] + 1.0;
        double most = Math.max(least, GREATEST[at]);
        return Math.signum(bucket) * 2 * least * most / (least + most);
    }
}
