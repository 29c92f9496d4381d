package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.KnownText;
import dev.millrace.pipeline.event.PlainText;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.GroupKey;

import java.util.List;

/**
 * Which group an event belongs to. What the group is called in Redis is made out once in a flush
 * rather than for each event.
 */
final class Grouping {
    private final List<FieldPlan> by;
    private final FieldPlan only;

    Grouping(MeasurePlan metric) {
        this.by = metric.by();
        this.only = by.size() == 1 ? by.getFirst() : null;
    }

    /** The group of an event; may be {@code null}, which is a group, too. */
    String of(Event event) {
        return only == null ? GroupKey.of(event, by) : event.text(only);
    }

    /** The group of an event, where that is one text and the decoder knows it. */
    KnownText known(Event event) {
        return only == null ? null : event.knownText(only);
    }

    /**
     * What the group of an event is called, where that is a text as it stands in the event: plain
     * texts need no escapes.
     */
    PlainText plain(Event event) {
        return only == null ? null : event.plainText(only);
    }

    /** What a group is called. */
    String name(String group) {
        return only == null ? group : GroupKey.of(group);
    }
}
