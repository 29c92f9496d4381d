package dev.millrace.pipeline.registry;

import java.io.Serial;

/**
 * The registry does not answer, or not as one would: nothing is known about the schema asked for.
 */
public final class SchemasUnavailableException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** With what a person should know, and do. */
    public SchemasUnavailableException(String message) {
        super(message, null, false, false);
    }
}
