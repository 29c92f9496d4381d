package dev.millrace.enricher.derive;

/** Why an event could not be made; a metric's label, and a header of the dead letter. */
public enum Cause {
    /** A required field of an element is not there. */
    missing,
    /** An element, or a field of it, is not of the declared type. */
    type,
    /** A text, a number or the event is larger than events may be. */
    size,
    /** A text holds half a character. */
    malformed,
    /** The table has no such row, and the manifest says that it must. */
    unmatched,
    /** An expression cannot be evaluated. */
    compute
}
