package dev.millrace.pipeline.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads single values of a spec, and notes what is wrong with them. */
record Read(Problems problems) {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9_-]{0,61}[a-z0-9])?");

    /** A list that may be absent. */
    static <T> List<T> list(List<T> list) {
        return list == null ? List.of() : list;
    }

    /** A map that may be absent. */
    static <T> Map<String, T> map(Map<String, T> map) {
        return map == null ? Map.of() : map;
    }

    /** Whether the name of a stream or table can be used. */
    boolean name(String path, String name) {
        if (name == null) {
            problems.add(
                    path, "is missing; give it a name of lower-case letters, digits, '-' and '_'");
            return false;
        }
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    path,
                    "\""
                            + name
                            + "\" cannot be a name; use lower-case letters, digits, '-' and '_', beginning with a"
                            + " letter, at most 63 characters");
            return false;
        }
        return true;
    }

    /** A duration within bounds; the default where it is absent or wrong. */
    Duration duration(String path, String text, Duration byDefault, Duration least, Duration most) {
        if (text == null) {
            return byDefault;
        }
        Duration duration = DurationText.parse(text).orElse(null);
        if (duration == null) {
            problems.add(
                    path,
                    "\""
                            + text
                            + "\" is no duration; write a number and one of ms, s, m, h, d, such as 30s or 7d");
            return byDefault;
        }
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            problems.add(
                    path,
                    text
                            + " is out of bounds; write "
                            + DurationText.of(least)
                            + " to "
                            + DurationText.of(most));
            return byDefault;
        }
        return duration;
    }

    /** A whole number within bounds; the default where it is absent or wrong. */
    int number(String path, Integer number, int byDefault, int least, int most) {
        if (number == null) {
            return byDefault;
        }
        if (number < least || number > most) {
            problems.add(path, number + " is out of bounds; write " + least + " to " + most);
            return byDefault;
        }
        return number;
    }
}
