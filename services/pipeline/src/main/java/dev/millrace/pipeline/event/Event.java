package dev.millrace.pipeline.event;

import dev.millrace.pipeline.plan.FieldPlan;

import java.util.Arrays;

/**
 * A valid event: the values of its stream's fields. Not to be changed: only how it holds a text
 * changes. For one thread.
 */
public final class Event implements Decoded {
    private final Object[] values;
    private final long time;

    /**
     * An event.
     *
     * @param values by the fields' indexes: String, {@link PlainText} or {@link KnownText}, Long
     *     (also for times, in milliseconds since 1970), Double, Boolean, Map, List, or null for a
     *     field that is not there
     * @param time event time in milliseconds since 1970
     */
    Event(Object[] values, long time) {
        this.values = values;
        this.time = time;
    }

    /** The same event with more values behind its own. */
    Event with(Object... more) {
        Object[] all = Arrays.copyOf(values, values.length + more.length);
        System.arraycopy(more, 0, all, values.length, more.length);
        return new Event(all, time);
    }

    /** By the fields' indexes; not to be changed. */
    Object[] values() {
        for (int i = 0; i < values.length; i++) {
            values[i] = value(i);
        }
        return values;
    }

    private Object value(int index) {
        Object value = values[index];
        if (value instanceof KnownText known) {
            return known.toString();
        }
        if (value instanceof PlainText plain) {
            value = plain.toString();
            values[index] = value;
        }
        return value;
    }

    /** Event time, in milliseconds since 1970. */
    public long time() {
        return time;
    }

    /**
     * The value of a field.
     *
     * @return String, Long (also for times, in milliseconds since 1970), Double, Boolean, Map or
     *     List; {@code null} where it is not there
     */
    public Object value(FieldPlan field) {
        return value(field.index());
    }

    /**
     * The value of a scalar field as text, the same text for the same value; {@code null} where it
     * is not there.
     */
    public String text(FieldPlan field) {
        Object value = values[field.index()];
        if (value instanceof KnownText known) {
            return known.toString();
        }
        return value == null ? null : value(field.index()).toString();
    }

    /**
     * The value of a field as it stands among the event's bytes; {@code null} where it is no text,
     * not plain ASCII, or a String already.
     */
    public PlainText plainText(FieldPlan field) {
        return values[field.index()] instanceof PlainText text ? text : null;
    }

    /** The value of a field where it is a text that the decoder knows; otherwise {@code null}. */
    public KnownText knownText(FieldPlan field) {
        return values[field.index()] instanceof KnownText text ? text : null;
    }
}
