package dev.millrace.pipeline.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An answer of a shape that a client expects.
 *
 * @param path where it is served
 * @param stream how often, at least, it is sent as server-sent events at {@code PATH/stream};
 *     {@code null}: never
 * @param body the answer
 */
public record ViewPlan(String path, Duration stream, Node body) {
    /** A part of the answer. */
    public sealed interface Node {}

    /** A string, number, boolean or null as it is written. */
    public record Literal(Object value) implements Node {}

    /** A JSON object. */
    public record Fields(Map<String, Node> fields) implements Node {}

    /** A JSON array of parts. */
    public record Items(List<Node> items) implements Node {}

    /**
     * The value of a metric over a window.
     *
     * @param previous the window just before instead
     */
    public record Value(MetricPlan metric, Window window, boolean previous) implements Node {}

    /**
     * One object for each group of a metric, highest first.
     *
     * @param as name in the answer to what it holds
     * @param limit how many, unless asked otherwise; 1 to 1000
     * @param limitParameter the query parameter that asks otherwise; {@code null}: none
     */
    public record Each(
            MeasurePlan metric,
            Window window,
            Map<String, Column> as,
            int limit,
            String limitParameter)
            implements Node {}

    /** What a field of {@link Each} holds. */
    public enum Column {
        /** The group. */
        key,
        /** The group's value. */
        value,
        /** The group's value over the window just before. */
        previous
    }
}
