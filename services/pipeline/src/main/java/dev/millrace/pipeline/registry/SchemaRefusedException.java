package dev.millrace.pipeline.registry;

import java.io.Serial;

/** The registry does not take a schema as a further version of its subject. */
public final class SchemaRefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** With what a person should know, and do. */
    public SchemaRefusedException(String message) {
        super(message, null, false, false);
    }
}
