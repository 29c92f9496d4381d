package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.Items;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.util.List;

/**
 * What is measured of a stream.
 *
 * @param name its name, and the prefix of its keys in Redis
 * @param title what people read
 * @param stream the stream's name
 * @param measure what is measured
 * @param of the measured field; {@code null} for {@code count} and {@code latest}
 * @param by the fields that make groups; empty for one number
 * @param where which events count; {@code null}: all
 * @param windows its windows
 * @param granularities the sizes of buckets that the windows need, without repetition
 * @param unit unit of its values, or {@code null}
 * @param limit how many groups are listed by default
 * @param maxGroups how many groups are kept in each bucket; the others are one group together
 * @param isApproximate whether {@code unique} is an estimate: of its values nothing but a {@link
 *     dev.millrace.pipeline.state.HyperLogLog} is kept
 * @param items what is counted instead of events; {@code null}: events
 * @param latest the rows of {@code latest}, which are grouped by their value; {@code null} for
 *     other measures
 */
public record MeasurePlan(
        String name,
        String title,
        String stream,
        Measure measure,
        FieldPlan of,
        List<FieldPlan> by,
        Condition where,
        List<Window> windows,
        List<Granularity> granularities,
        String unit,
        int limit,
        int maxGroups,
        boolean isApproximate,
        Items items,
        LatestPlan latest)
        implements MetricPlan {

    /**
     * Decimal places kept of fractions: they are 64-bit integers of millionths, so that adding up
     * is exact in any order.
     */
    public static final int SUM_SCALE = 6;

    /**
     * What counts of an event: the event itself or those of its items, if they meet the condition.
     */
    public List<Event> counted(Event event) {
        List<Event> events = items == null ? List.of(event) : items.of(event);
        return where == null ? events : events.stream().filter(where::test).toList();
    }

    /** Whether there is a number for each group. */
    public boolean isGrouped() {
        return !by.isEmpty();
    }

    /**
     * How many decimal places its stored 64-bit integers have: 0, or {@link #SUM_SCALE} for
     * fractions.
     */
    public int scale() {
        return measure != Measure.unique && of != null && of.type() == FieldType.number
                ? SUM_SCALE
                : 0;
    }
}
