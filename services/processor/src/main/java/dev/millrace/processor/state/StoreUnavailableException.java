package dev.millrace.processor.state;

/** Redis did not answer, or answered with an error. Whether it did what was asked is not known. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreUnavailableException(Throwable cause) {
        super(
                "Redis does not answer: "
                        + (cause.getMessage() == null ? cause.toString() : cause.getMessage()),
                cause);
    }

    /**
     * Whether Redis did answer, and will never do what was asked: a wrong database, or no right.
     */
    boolean isRefusal() {
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && (message.contains("DB index") || message.startsWith("NOPERM"))) {
                return true;
            }
        }
        return false;
    }
}
