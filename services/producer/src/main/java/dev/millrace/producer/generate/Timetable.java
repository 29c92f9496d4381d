package dev.millrace.producer.generate;

/**
 * What is due next: a heap of one time for each slot, in microseconds. Always full; the first entry
 * is replaced by a later one. For one thread.
 */
final class Timetable {
    /** Most slots. */
    static final int MOST = 1 << 16;

    /** After so long times must begin anew, see {@link #startAnew}. */
    static final long FAR = 1L << 46;

    private static final int SLOT_BITS = 16;

    // Time and slot in one number each.
    private final long[] due;

    /** A table of the first time of each slot, 0 or later; at least one slot. */
    Timetable(long[] times) {
        due = new long[times.length];
        for (int slot = 0; slot < times.length; slot++) {
            due[slot] = times[slot] << SLOT_BITS | slot;
        }
        for (int i = due.length / 2 - 1; i >= 0; i--) {
            sink(i, due[i]);
        }
    }

    /** The slot that is due first. */
    int slot() {
        return (int) due[0] & (MOST - 1);
    }

    /** When that one is due. */
    long time() {
        return due[0] >>> SLOT_BITS;
    }

    /** Gives the first slot a new time. */
    void postpone(long time) {
        sink(0, time << SLOT_BITS | slot());
    }

    /** Lets all times be so much earlier; none may become negative. */
    void startAnew(long micros) {
        for (int i = 0; i < due.length; i++) {
            due[i] -= micros << SLOT_BITS;
        }
    }

    private void sink(int from, long value) {
        int i = from;
        int half = due.length >>> 1;
        while (i < half) {
            int child = 2 * i + 1;
            if (child + 1 < due.length && due[child + 1] < due[child]) {
                child++;
            }
            if (value <= due[child]) {
                break;
            }
            due[i] = due[child];
            i = child;
        }
        due[i] = value;
    }
}
