package dev.millrace.api.state;

/** Redis did not answer, or answered with an error. */
final class StateUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StateUnavailableException(Throwable cause) {
        super(cause);
    }

    /** Whether the key holds something else than what Millrace writes there. */
    boolean isWrongType() {
        return getCause().getMessage() != null && getCause().getMessage().startsWith("WRONGTYPE");
    }
}
