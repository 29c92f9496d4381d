package dev.millrace.processor.counting;

/** A 64-bit integer that is added to. For one thread. */
public final class Amount {
    private long value;

    /** Adds a number. A sum beyond 64 bits saturates; Redis would refuse it anyway. */
    void add(long number) {
        long sum = value + number;
        value =
                ((value ^ sum) & (number ^ sum)) < 0
                        ? (number > 0 ? Long.MAX_VALUE : Long.MIN_VALUE)
                        : sum;
    }

    /** What was added up. */
    public long value() {
        return value;
    }
}
