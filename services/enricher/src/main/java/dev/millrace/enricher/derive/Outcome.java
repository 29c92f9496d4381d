package dev.millrace.enricher.derive;

import dev.millrace.pipeline.event.Rejected.Cause;

/** What became of an event, or of one element of it. */
public sealed interface Outcome {
    /** The place of the element that it was made from; -1 where no array is exploded. */
    int element();

    /**
     * An event of the new stream.
     *
     * @param key may be {@code null}
     * @param value JSON
     */
    record Made(int element, byte[] key, byte[] value) implements Outcome {}

    /**
     * Nothing could be made.
     *
     * @param reason what is wrong, for a person
     */
    record Refused(int element, Cause cause, String reason) implements Outcome {}
}
