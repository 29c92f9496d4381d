package dev.millrace.api.window;

/**
 * A metric over one bucket of a window.
 *
 * @param seconds when the bucket begins, in seconds since 1970
 * @param value 0 where nothing happened
 */
public record Point(long seconds, Number value) {}
