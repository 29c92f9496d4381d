package dev.millrace.producer.generate;

import java.util.SplittableRandom;

/** Where one field of an event gets its values from. */
interface Value {
    /** Writes a value as JSON. */
    void write(JsonBuffer out, SplittableRandom random, Moment moment);

    /**
     * The bytes of the value that was written last, as a record's key; {@code null} where they have
     * to be read from the event.
     */
    default byte[] keyBytes(Moment moment) {
        return null;
    }
}
