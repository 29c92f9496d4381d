package dev.millrace.bench.delay;

import java.util.Arrays;

/**
 * How long each event took to be seen somewhere. The n-th event that was sent counts as seen when n
 * events are.
 */
final class Delays {
    private final long[] sent;
    private final long[] seen;
    private int count;

    /**
     * None yet.
     *
     * @param sent when each event was sent, in nanoseconds, filled meanwhile
     */
    Delays(long[] sent) {
        this.sent = sent;
        this.seen = new long[sent.length];
    }

    /** Takes note that so many events are seen now. */
    void see(long total) {
        long now = System.nanoTime();
        int most = (int) Math.min(total, seen.length);
        while (count < most) {
            seen[count++] = now;
        }
    }

    boolean isComplete() {
        return count == seen.length;
    }

    /**
     * Delays behind the warm-up, shortest first, in milliseconds.
     *
     * @param warmUp how many events are left out
     */
    double[] sorted(int warmUp) {
        double[] delays = new double[count - warmUp];
        for (int i = warmUp; i < count; i++) {
            delays[i - warmUp] = (seen[i] - sent[i]) / 1e6;
        }
        Arrays.sort(delays);
        return delays;
    }
}
