package dev.millrace.api.window;

/**
 * One group of a metric over a window.
 *
 * @param key the group as Redis names it; {@link dev.millrace.pipeline.state.GroupKey} decodes it
 * @param value over the window
 * @param previous over the window just before; {@code null} where there is none
 */
public record Group(String key, Number value, Number previous) {}
