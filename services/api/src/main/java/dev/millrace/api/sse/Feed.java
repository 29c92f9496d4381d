package dev.millrace.api.sse;

import java.time.Duration;

/** What one client is sent. Used by the client's thread alone. */
@FunctionalInterface
public interface Feed {
    /**
     * Waits for the next message.
     *
     * @param longest how long to wait
     * @return whole server-sent events in UTF-8; {@code null} when there was none in that time
     */
    byte[] next(Duration longest) throws InterruptedException;
}
