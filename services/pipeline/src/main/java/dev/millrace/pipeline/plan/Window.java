package dev.millrace.pipeline.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A window of a metric. It ends with the bucket that "now" falls in, so it always holds whole
 * buckets: its bounds are exact, and the newest bucket is still filling. A rolling window is made
 * of several and moves with each; one of {@code minute}, {@code hour} and {@code day} is one
 * bucket, and begins anew when that does.
 *
 * @param text as the manifest writes it, such as {@code 5m} or {@code all}
 * @param length its length; {@code null} for {@code all}
 * @param granularity the size of its buckets
 */
public record Window(String text, Duration length, Granularity granularity) {
    /** Everything since the start. */
    public static final Window ALL = new Window("all", null, Granularity.ALL);

    private static final List<Window> NAMED =
            List.of(
                    new Window("minute", Duration.ofMinutes(1), Granularity.MINUTE),
                    new Window("hour", Duration.ofHours(1), Granularity.HOUR),
                    new Window("day", Duration.ofDays(1), Granularity.DAY),
                    ALL);

    /**
     * The window that has a name rather than a length: the current {@code minute}, {@code hour} or
     * {@code day} of UTC, or {@code all}.
     */
    static Optional<Window> named(String text) {
        return NAMED.stream().filter(window -> window.text().equals(text)).findFirst();
    }

    /** Whether this is everything since the start, without bounds. */
    public boolean isAll() {
        return length == null;
    }

    /**
     * End of the window at a time, exclusive.
     *
     * @param now milliseconds since 1970
     * @return milliseconds since 1970; {@link Long#MAX_VALUE} for {@code all}
     */
    public long to(long now) {
        return isAll() ? Long.MAX_VALUE : granularity.start(now) + granularity.millis();
    }

    /**
     * Start of the window at a time, inclusive.
     *
     * @param now milliseconds since 1970
     * @return milliseconds since 1970; 0 for {@code all}
     */
    public long from(long now) {
        return isAll() ? 0 : to(now) - length.toMillis();
    }

    /** How many buckets it is made of. */
    public int buckets() {
        return isAll() ? 1 : Math.toIntExact(length.toMillis() / granularity.millis());
    }

    @Override
    public String toString() {
        return text;
    }
}
