package dev.millrace.audit.recount;

/** A recount takes more than it may; the message says of what, as a half sentence. */
public final class TooMuchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A recount that is given up. */
    public TooMuchException(String message) {
        super(message);
    }
}
