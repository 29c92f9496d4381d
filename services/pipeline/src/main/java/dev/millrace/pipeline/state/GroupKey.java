package dev.millrace.pipeline.state;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.FieldPlan;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * How a group is named in Redis: the value of its field, or several values with a separator
 * between. A value that is not there is a mark of its own, so that it never meets a real one.
 */
public final class GroupKey {
    /** Unit separator: between the values of several fields. */
    private static final char SEPARATOR = '\u001f';

    /** Cancel: stands for a value that is not there. */
    private static final char MISSING = '\u0018';

    /** End of medium: stands for all groups for which there was no room. */
    private static final char OTHERS = '\u0019';

    /** The group that takes what belongs to groups for which a bucket had no room. */
    public static final String OTHER = String.valueOf(OTHERS);

    /** Escape: before any of the four marks within a value. */
    private static final char ESCAPE = '\u001b';

    private GroupKey() {}

    /** The group of an event. */
    public static String of(Event event, List<FieldPlan> by) {
        if (by.size() == 1) {
            return encode(event.text(by.getFirst()));
        }
        StringJoiner text = new StringJoiner(String.valueOf(SEPARATOR));
        by.forEach(field -> text.add(encode(event.text(field))));
        return text.toString();
    }

    /** The group of one value, {@code null} for one that is not there. */
    public static String of(String value) {
        return encode(value);
    }

    /** The group of some values, one for each field, {@code null} for one that is not there. */
    public static String of(List<String> values) {
        return values.stream()
                .map(GroupKey::encode)
                .collect(Collectors.joining(String.valueOf(SEPARATOR)));
    }

    private static String encode(String value) {
        if (value == null) {
            return String.valueOf(MISSING);
        }
        int plain = 0;
        while (plain < value.length() && !isMark(value.charAt(plain))) {
            plain++;
        }
        if (plain == value.length()) {
            return value;
        }
        StringBuilder text = new StringBuilder(value.substring(0, plain));
        for (int i = plain; i < value.length(); i++) {
            if (isMark(value.charAt(i))) {
                text.append(ESCAPE);
            }
            text.append(value.charAt(i));
        }
        return text.toString();
    }

    private static boolean isMark(char c) {
        return c < ' ' && (c == SEPARATOR || c == MISSING || c == OTHERS || c == ESCAPE);
    }

    /**
     * The values that a group's name stands for, one for each field.
     *
     * @return values, {@code null} for one that is not there
     */
    public static List<String> decode(String key) {
        List<String> values = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean missing = false;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == SEPARATOR) {
                values.add(missing ? null : text.toString());
                text.setLength(0);
                missing = false;
            } else if (c == MISSING) {
                missing = true;
            } else {
                text.append(c == ESCAPE && i + 1 < key.length() ? key.charAt(++i) : c);
            }
        }
        values.add(missing ? null : text.toString());
        return values;
    }
}
