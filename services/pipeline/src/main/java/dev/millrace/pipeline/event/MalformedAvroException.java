package dev.millrace.pipeline.event;

import java.io.Serial;

/** Bytes that are no Avro of the schema that they name. */
final class MalformedAvroException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    MalformedAvroException(String message) {
        super(message, null, false, false);
    }
}
