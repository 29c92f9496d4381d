package dev.millrace.pipeline.event;

import java.io.Serial;

/** An Avro event that is deeper, or has longer names, than events may. */
final class TooDeepAvroException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    TooDeepAvroException() {
        super(
                "Too deep or too long: at most "
                        + EventLimits.DEPTH
                        + " levels of nesting and names of "
                        + EventLimits.STRING
                        + " characters are allowed",
                null,
                false,
                false);
    }
}
