package dev.millrace.pipeline.event;

/**
 * An event that does not count.
 *
 * @param cause the kind of fault, of a small fixed set: a metric's label
 * @param reason what is wrong with this event, such as {@code Missing fields: ['event_type']}
 */
public record Rejected(Cause cause, String reason) implements Decoded {
    /** Kinds of faults. */
    public enum Cause {
        /** Not one JSON object in UTF-8. */
        malformed,
        /** A required field is not there. */
        missing,
        /** A field has a value that its type does not allow. */
        type,
        /** A field has a value that its {@code enum} does not allow. */
        value,
        /** It is larger, longer or deeper than events may be. */
        size,
        /** It came later than the stream's lateness allows. */
        late,
        /** Its time has not come yet. */
        future,
        /** Only of streams that are made from others: a table has no such row, and must. */
        unmatched,
        /** Only of streams that are made from others: an expression cannot be evaluated. */
        compute
    }
}
