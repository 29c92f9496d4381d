package dev.millrace.audit.store;

/**
 * The store cannot take documents now, whatever is in them: nothing was lost, write the same again
 * later. The message says why.
 */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
