package dev.millrace.api.window;

/**
 * One group of a metric over a window.
 *
 * @param key the group as Redis names it; {@link dev.millrace.pipeline.state.GroupKey} decodes it
 * @param value over the window
 * @param previous over the window just before; {@code null} where there is none
 * @param detail more about it; {@code null}: nothing
 */
public record Group(String key, Number value, Number previous, Detail detail) {
    /** A group of which only the number is told. */
    public Group(String key, Number value, Number previous) {
        this(key, value, previous, null);
    }
}
