package dev.millrace.api.sink;

import java.time.Duration;

/** A sink takes nothing at the moment; the message says why and what to do. */
final class SinkUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration pause;

    /**
     * A reason.
     *
     * @param pause how long the server asks to wait; zero where it does not
     */
    SinkUnavailableException(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    Duration pause() {
        return pause;
    }
}
