package dev.millrace.processor.counting;

import dev.millrace.pipeline.state.StoredNumber;

/** A 64-bit integer that is added to. For one thread. */
public final class Amount {
    private long value;

    /** Adds a number. A sum beyond 64 bits saturates; Redis would refuse it anyway. */
    void add(long number) {
        value = StoredNumber.plus(value, number);
    }

    /** What was added up. */
    public long value() {
        return value;
    }
}
