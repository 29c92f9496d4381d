package dev.millrace.api.window;

import java.time.Instant;

/**
 * How long rows have been in their state. As times at which that began, which stay the same while
 * the clock goes on; a row of the least age began last.
 *
 * @param min when the row of the least age began, in milliseconds since 1970
 * @param p50 the same of the row that half of the rows are not older than
 * @param average of all rows
 * @param max of the row of the greatest age
 */
public record Ages(long min, long p50, long average, long p75, long p90, long p99, long max)
        implements Detail {

    /**
     * The ages of rows.
     *
     * @param begins when each began, oldest first; at least one
     */
    static Ages of(long[] begins) {
        long sum = 0;
        for (long begin : begins) {
            sum += begin;
        }
        return new Ages(
                begins[begins.length - 1],
                at(begins, 50),
                sum / begins.length,
                at(begins, 75),
                at(begins, 90),
                at(begins, 99),
                begins[0]);
    }

    private static long at(long[] begins, int percent) {
        int rank = (int) Math.ceilDiv((long) begins.length * percent, 100L);
        return begins[begins.length - rank];
    }

    /** How long ago a time was, in milliseconds; 0 for one that is still to come. */
    public static long age(long begin, Instant now) {
        return Math.max(0, now.toEpochMilli() - begin);
    }
}
