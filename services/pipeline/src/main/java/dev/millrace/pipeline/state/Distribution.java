package dev.millrace.pipeline.state;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/**
 * How numbers are distributed: how many there are in each of {@link LogBuckets}, and exactly their
 * number, sum, least and greatest. Two can be added up, in any order. Numbers are {@link
 * StoredNumber stored numbers}; a sum beyond 64 bits is the largest or smallest number. For one
 * thread.
 */
public final class Distribution {
    private static final MathContext SHOWN = new MathContext(6);

    /** In order; as many as {@code size}. */
    private int[] buckets = new int[8];

    private long[] counts = new long[8];
    private int size;
    private long count;
    private long sum;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    /** What is counted of a bucket. */
    public interface Entries {
        /** One bucket. */
        void accept(int bucket, long count);
    }

    /** Adds a number; says whether it is the first one of its bucket. */
    public boolean add(long number) {
        addSum(number);
        min(number);
        max(number);
        return add(LogBuckets.bucket(number), 1);
    }

    /** Adds numbers of a bucket, but not to sum, least and greatest. */
    public boolean add(int bucket, long numbers) {
        count += numbers;
        int at = Arrays.binarySearch(buckets, 0, size, bucket);
        if (at >= 0) {
            counts[at] += numbers;
            return false;
        }
        at = -at - 1;
        if (size == buckets.length) {
            buckets = Arrays.copyOf(buckets, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        System.arraycopy(buckets, at, buckets, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        buckets[at] = bucket;
        counts[at] = numbers;
        size++;
        return true;
    }

    /** Adds to the sum. */
    public void addSum(long number) {
        long total = sum + number;
        boolean beyond = ((sum ^ total) & (number ^ total)) < 0;
        sum = beyond ? (number > 0 ? Long.MAX_VALUE : Long.MIN_VALUE) : total;
    }

    /** Takes note of a number that may be the least. */
    public void min(long number) {
        min = Math.min(min, number);
    }

    /** Takes note of a number that may be the greatest. */
    public void max(long number) {
        max = Math.max(max, number);
    }

    /** Adds another distribution. */
    public void add(Distribution other) {
        for (int i = 0; i < other.size; i++) {
            add(other.buckets[i], other.counts[i]);
        }
        addSum(other.sum);
        min(other.min);
        max(other.max);
    }

    /** How many numbers there are. */
    public long count() {
        return count;
    }

    /** In how many buckets. */
    public int size() {
        return size;
    }

    /** Their sum. */
    public long sum() {
        return sum;
    }

    /** The least of them; of no meaning where there are none. */
    public long min() {
        return min;
    }

    /** The greatest of them; of no meaning where there are none. */
    public long max() {
        return max;
    }

    /** Hands over the buckets, in order. */
    public void forEach(Entries entries) {
        for (int i = 0; i < size; i++) {
            entries.accept(buckets[i], counts[i]);
        }
    }

    /**
     * The least number that so many percent of all numbers do not exceed, within 1 % of the one
     * that sorting them would find.
     *
     * @param percent 1 to 100; 50 for the median
     * @param scale decimal places of the stored numbers
     * @return to six digits; {@code null} where there are no numbers
     */
    public BigDecimal percentile(int percent, int scale) {
        if (count == 0) {
            return null;
        }
        long rank = Math.ceilDiv(count * percent, 100L);
        int at = 0;
        for (long seen = counts[0]; seen < rank; seen += counts[at]) {
            at++;
        }
        double value = LogBuckets.value(buckets[at]);
        // least and greatest are known exactly, and no number lies beyond them
        if (value <= min || value >= max) {
            return BigDecimal.valueOf(value <= min ? min : max, scale);
        }
        return new BigDecimal(value).movePointLeft(scale).round(SHOWN);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Distribution that
                && size == that.size
                && sum == that.sum
                && min == that.min
                && max == that.max
                && Arrays.equals(buckets, 0, size, that.buckets, 0, size)
                && Arrays.equals(counts, 0, size, that.counts, 0, size);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(count) * 31 + Long.hashCode(sum);
    }

    @Override
    public String toString() {
        return count + " numbers in " + size + " buckets, sum " + sum;
    }
}
