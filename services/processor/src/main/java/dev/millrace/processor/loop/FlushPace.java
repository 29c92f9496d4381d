package dev.millrace.processor.loop;

import java.time.Duration;

/**
 * How long to wait from flush to flush of a partition: as short as readers like it, but so that
 * flushing takes about half of Redis's time at most, all partitions together, and longer far
 * behind, where what is added up meanwhile is written once and nobody waits for an answer. For one
 * thread.
 */
final class FlushPace {
    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** Events that take longer to count than anybody waits for an answer. */
    private static final long FAR_BEHIND = 100_000;

    private static final Duration FAR_BEHIND_INTERVAL = Duration.ofMillis(500);

    /** One flush that a pause delayed says little of the next. */
    private static final int SMOOTHED_OVER = 8;

    private final Duration shortest;
    private final int atOnce;
    private Duration interval;
    private long usuallyTook;

    /**
     * A pace.
     *
     * @param atOnce how many flushes Redis has at a time: each answer waits for the others' too
     */
    FlushPace(Duration shortest, int atOnce) {
        this.shortest = shortest;
        this.atOnce = atOnce;
        this.interval = shortest;
    }

    /**
     * Takes note of a flush.
     *
     * @param took until its answer
     * @param partitions how many are flushed in turns
     * @param lag how many events are not read yet
     */
    void flushed(Duration took, int partitions, long lag) {
        usuallyTook += (took.toNanos() - usuallyTook) / SMOOTHED_OVER;
        int turns = (partitions + atOnce - 1) / atOnce;
        Duration least = lag > FAR_BEHIND ? FAR_BEHIND_INTERVAL : shortest;
        Duration wanted = Duration.ofNanos(2 * usuallyTook * turns);
        interval = max(least, wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** From the start of one flush of a partition to the start of the next. */
    Duration interval() {
        return interval;
    }
}
