package dev.millrace.api.window;

/**
 * A metric over one bucket of a window.
 *
 * @param seconds when the bucket begins, in seconds since 1970
 * @param value 0 where nothing happened; {@code null} where that makes no number, as of an average
 */
public record Point(long seconds, Number value) {}
