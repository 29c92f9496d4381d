package dev.millrace.pipeline.event;

import dev.millrace.pipeline.plan.FieldPlan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Makes of one event as many as an array of its has items: each has the event's own values and,
 * behind them, those of its item. Arrays are not checked when an event is decoded, so what is no
 * object is left out here, and a value of another type than declared, or beyond the bounds of that
 * type, counts as missing.
 *
 * @param array the array field
 * @param fields the fields of its items; their indexes follow those of the event's own fields, and
 *     the last name of each path is the name in the item
 */
public record Items(FieldPlan array, List<FieldPlan> fields) {
    /** The largest magnitude up to which every whole double is one integer. */
    private static final double WHOLE = 1L << 53;

    /** The events of an event's items, in order. */
    public List<Event> of(Event event) {
        if (!(event.value(array) instanceof List<?> items)) {
            return List.of();
        }
        List<Event> events = new ArrayList<>(items.size());
        for (Object item : items) {
            if (item instanceof Map<?, ?> values) {
                events.add(
                        event.with(
                                fields.stream()
                                        .map(
                                                field ->
                                                        value(
                                                                values.get(field.path().getLast()),
                                                                field))
                                        .toArray()));
            }
        }
        return events;
    }

    /** The value of an item's field, as its type has it; {@code null} where it is none. */
    static Object value(Object value, FieldPlan field) {
        return switch (field.type()) {
            case string -> value instanceof String text && isText(text) ? text : null;
            case integer -> whole(value);
            case number ->
                    value instanceof Number number
                                    && Math.abs(number.doubleValue()) <= EventLimits.NUMBER
                            ? (Object) (number.doubleValue() + 0.0)
                            : null;
            case bool -> value instanceof Boolean ? value : null;
            case timestamp -> time(value);
            case object -> value instanceof Map ? value : null;
            case array -> value instanceof List ? value : null;
        };
    }

    private static boolean isText(String text) {
        return text.length() <= EventLimits.STRING
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static Long whole(Object value) {
        return switch (value) {
            case Long whole -> whole;
            case Double number when Math.abs(number) <= WHOLE && number == Math.rint(number) ->
                    number.longValue();
            case null, default -> null;
        };
    }

    private static Long time(Object value) {
        OptionalLong time =
                switch (value) {
                    case String text -> Timestamps.parse(text);
                    case Number number -> Timestamps.parse(number.doubleValue());
                    case null, default -> OptionalLong.empty();
                };
        return time.isPresent() ? time.getAsLong() : null;
    }
}
