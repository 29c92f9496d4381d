package dev.millrace.producer.collect;

import java.util.List;

/**
 * What became of a request's events.
 *
 * @param accepted events that Kafka has acknowledged: all of the request
 * @param invalid how many of them are no valid events of the stream, and will be dead letters
 * @param problems why, for the first ten of those
 */
record Receipt(int accepted, int invalid, List<Problem> problems) {
    /** Most problems in a receipt. */
    static final int PROBLEMS = 10;

    /**
     * Why an event is invalid.
     *
     * @param index its place in the request, counted from 0; blank lines do not count
     */
    record Problem(int index, String reason) {}
}
