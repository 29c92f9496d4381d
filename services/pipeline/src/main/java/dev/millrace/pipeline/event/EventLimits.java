package dev.millrace.pipeline.event;

import java.time.Duration;

/** How large an event may be, and how far in the future. What goes beyond is a dead letter. */
public final class EventLimits {
    /** Bytes of an event: 1 MiB. */
    public static final int BYTES = 1 << 20;

    /** Bytes of the largest batch in a created topic: the largest event twice over. */
    public static final int BATCH_BYTES = 2 * BYTES;

    /**
     * Characters of a declared string field: 8,192. Such strings become keys in memory and in
     * Redis.
     */
    public static final int STRING = 8_192;

    /** Levels of nesting: 64, well within the 100 that MongoDB stores. */
    public static final int DEPTH = 64;

    /** Greatest magnitude of a {@code number} field: 10^12. */
    public static final double NUMBER = 1e12;

    /** How far ahead of the broker's clock an event's time may be: 5 minutes. */
    public static final Duration AHEAD = Duration.ofMinutes(5);

    private EventLimits() {}
}
