package dev.millrace.embedded;

/** A server could not be started; the message says why, and what a person can do about it. */
public final class ServerStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A reason in words, with what to do. */
    public ServerStartException(String message) {
        super(message);
    }

    /** A reason in words, with what to do, and what caused it. */
    public ServerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
