package dev.millrace.pipeline.event;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.resource.FieldType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads events of the usual form straight from their bytes: one object in ASCII of texts without
 * escapes, plain numbers, booleans and nulls, in which every declared field is as it should be.
 * Whatever else there is, it leaves to the parser: it gives up where it is in any doubt, and never
 * says what is wrong. Safe for use by many threads.
 */
final class FlatScanner {
    /** What so many digits say, doubles hold exactly, and so their quotient is rounded rightly. */
    private static final int DIGITS = 15;

    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_LEAD = 512;
    private static final int PLACES = 64;

    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    /** Where reading ends that gives up. */
    private static final int UNUSUAL = -1;

    /** Where reading ends that has come to the end. */
    private static final int END = -2;

    private final Field[] fields;
    private final byte[][] objects;
    private final TextCache texts = new TextCache();
    private final MinuteClock clock = new MinuteClock();

    /**
     * How the last events went on at each place. Mostly all events of a stream are written by one
     * program, with the same names in the same order and the same blanks.
     */
    private final Step[] steps = new Step[PLACES];

    /**
     * What stands before a value, from behind the value before it.
     *
     * @param lead its bytes, up to the value; of a text, with its quote
     * @param length how many there are
     * @param first the first eight of them; 0 where there are fewer
     * @param last the last eight; 0 where there are fewer
     * @param field whose value it is; {@code null} for nobody's
     */
    private record Step(byte[] lead, int length, long first, long last, Field field, boolean text) {
        static Step of(byte[] lead, Field field, boolean text) {
            int length = lead.length;
            return length < Long.BYTES
                    ? new Step(lead, length, 0, 0, field, text)
                    : new Step(
                            lead,
                            length,
                            Words.at(lead, 0),
                            Words.at(lead, length - Long.BYTES),
                            field,
                            text);
        }

        /** Whether the event goes on so at a place. */
        boolean isAt(byte[] bytes, int at, int to) {
            if (length < Long.BYTES || length > 2 * Long.BYTES) {
                return Words.areAt(lead, bytes, at, to);
            }
            return at + length <= to
                    && Words.at(bytes, at) == first
                    && Words.at(bytes, at + length - Long.BYTES) == last;
        }
    }

    private enum Form {
        TEXT,
        CHOICE,
        TIME,
        OTHER
    }

    /**
     * A field.
     *
     * @param name its name's bytes, and the quote behind them
     * @param choices the only texts allowed; empty where any is
     * @param choiceBytes theirs, and the quote behind them
     * @param repeats whether its texts are mostly known
     */
    private record Field(
            FieldPlan plan,
            int index,
            Form form,
            byte[] name,
            String[] choices,
            byte[][] choiceBytes,
            Repeats repeats) {
        static Field of(FieldPlan plan) {
            String[] choices =
                    plan.allowed().stream()
                            .filter(FlatScanner::isPlain)
                            .map(String::intern)
                            .toArray(String[]::new);
            Form form =
                    switch (plan.type()) {
                        case string -> plan.allowed().isEmpty() ? Form.TEXT : Form.CHOICE;
                        case timestamp -> Form.TIME;
                        default -> Form.OTHER;
                    };
            return new Field(
                    plan,
                    plan.index(),
                    form,
                    quoted(plan.path().getFirst()),
                    choices,
                    Arrays.stream(choices).map(FlatScanner::quoted).toArray(byte[][]::new),
                    new Repeats());
        }
    }

    FlatScanner(List<FieldPlan> declared) {
        this.fields =
                declared.stream()
                        .filter(field -> field.path().size() == 1)
                        .filter(field -> isPlain(field.path().getFirst()))
                        .map(Field::of)
                        .toArray(Field[]::new);
        this.objects =
                declared.stream()
                        .filter(field -> field.path().size() > 1)
                        .map(field -> quoted(field.path().getFirst()))
                        .toArray(byte[][]::new);
    }

    /** Whether JSON writes a name as it is. */
    private static boolean isPlain(String name) {
        return name.chars().noneMatch(c -> c < ' ' || c == '"' || c == '\\');
    }

    private static byte[] quoted(String name) {
        return (name + '"').getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads an event.
     *
     * @param from where it begins in the array
     * @param to behind its end
     * @param values takes the values, by the fields' indexes
     * @return whether it was read; where not, some values may be there already
     */
    boolean read(byte[] bytes, int from, int to, Object[] values) {
        if (to - from > EventLimits.BYTES) {
            return false;
        }
        int at = from;
        for (int place = 0; ; place++) {
            Step step = place < PLACES ? steps[place] : null;
            if (step != null && step.isAt(bytes, at, to)) {
                at += step.length();
                at =
                        step.text()
                                ? text(bytes, at, to, step.field(), values)
                                : value(bytes, at, to, step.field(), values);
            } else {
                at = step(bytes, at, to, place, values);
            }
            if (at < 0) {
                return at == END;
            }
            if (at == to - 1 && bytes[at] == '}') {
                return true;
            }
        }
    }

    /** Reads on from behind a value to behind the next one, and remembers how it goes on here. */
    private int step(byte[] bytes, int from, int to, int place, Object[] values) {
        int at = blanks(bytes, from, to);
        if (!isAt(bytes, at, to, place == 0 ? '{' : ',')) {
            return place == 0 ? UNUSUAL : end(bytes, at, to);
        }
        at = blanks(bytes, at + 1, to);
        if (!isAt(bytes, at, to, '"')) {
            return place == 0 ? end(bytes, at, to) : UNUSUAL;
        }
        Field field = field(bytes, at + 1, to);
        at = field == null ? unknown(bytes, at + 1, to) : at + 1 + field.name().length;
        if (at == UNUSUAL) {
            return UNUSUAL;
        }
        at = blanks(bytes, at, to);
        if (!isAt(bytes, at, to, ':')) {
            return UNUSUAL;
        }
        at = blanks(bytes, at + 1, to);
        boolean text = isAt(bytes, at, to, '"');
        int start = text ? at + 1 : at;
        if (place < PLACES && start - from <= LONGEST_LEAD) {
            steps[place] = Step.of(Arrays.copyOfRange(bytes, from, start), field, text);
        }
        return text
                ? text(bytes, start, to, field, values)
                : value(bytes, start, to, field, values);
    }

    /** The end, if the object is closed here and nothing is behind it. */
    private static int end(byte[] bytes, int at, int to) {
        return isAt(bytes, at, to, '}') && blanks(bytes, at + 1, to) == to ? END : UNUSUAL;
    }

    private static boolean isAt(byte[] bytes, int at, int to, char what) {
        return at < to && bytes[at] == what;
    }

    private static int blanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to
                && (bytes[at] == ' '
                        || bytes[at] == '\n'
                        || bytes[at] == '\r'
                        || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    private Field field(byte[] bytes, int at, int to) {
        for (Field field : fields) {
            if (Words.areAt(field.name(), bytes, at, to)) {
                return field;
            }
        }
        return null;
    }

    /** Reads a name that is no field's to behind its quote. */
    private int unknown(byte[] bytes, int from, int to) {
        int end = quote(bytes, from, to);
        if (end == UNUSUAL || end - from > LONGEST_NAME) {
            return UNUSUAL;
        }
        for (byte[] object : objects) {
            if (Words.areAt(object, bytes, from, to)) {
                return UNUSUAL;
            }
        }
        return end + 1;
    }

    /** Reads a value to behind it; of no field where that is null. */
    private int value(byte[] bytes, int at, int to, Field field, Object[] values) {
        if (at >= to) {
            return UNUSUAL;
        }
        FieldPlan plan = field == null ? null : field.plan();
        return switch (bytes[at]) {
            case '"' -> text(bytes, at + 1, to, field, values);
            case 't' -> word(bytes, at, to, "true", plan, Boolean.TRUE, values);
            case 'f' -> word(bytes, at, to, "false", plan, Boolean.FALSE, values);
            case 'n' -> word(bytes, at, to, "null", plan, null, values);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                    number(bytes, at, to, plan, values);
            default -> UNUSUAL;
        };
    }

    private int text(byte[] bytes, int from, int to, Field field, Object[] values) {
        if (field == null) {
            int end = quote(bytes, from, to);
            return end == UNUSUAL ? UNUSUAL : end + 1;
        }
        switch (field.form()) {
            case TEXT -> {
                if (!field.repeats().pay()) {
                    return newText(bytes, from, to, field, values);
                }
                TextCache.Text text = texts.at(bytes, from, to);
                if (text == null) {
                    return newText(bytes, from, to, field, values);
                }
                field.repeats().note(!(text instanceof PlainText));
                values[field.index()] = text;
                return from + text.length() + 1;
            }
            case TIME -> {
                return time(bytes, from, to, field, values);
            }
            case CHOICE -> {
                return choice(bytes, from, to, field, values);
            }
            default -> {
                return UNUSUAL;
            }
        }
    }

    private static int choice(byte[] bytes, int from, int to, Field field, Object[] values) {
        for (int i = 0; i < field.choices().length; i++) {
            byte[] quoted = field.choiceBytes()[i];
            if (Words.areAt(quoted, bytes, from, to)) {
                values[field.index()] = field.choices()[i];
                return from + quoted.length;
            }
        }
        return UNUSUAL;
    }

    private static int newText(byte[] bytes, int from, int to, Field field, Object[] values) {
        int end = quote(bytes, from, to);
        if (end == UNUSUAL || end - from > EventLimits.STRING) {
            return UNUSUAL;
        }
        values[field.index()] = new PlainText(bytes, from, end);
        return end + 1;
    }

    private int time(byte[] bytes, int from, int to, Field field, Object[] values) {
        long known = clock.known(bytes, from, to);
        if (known >= 0) {
            values[field.index()] = known;
            return from + MinuteClock.WITH_MILLIS + 1;
        }
        int end = quote(bytes, from, to);
        long time = end == UNUSUAL ? -1 : clock.parse(bytes, from, end);
        if (time < 0) {
            return UNUSUAL;
        }
        values[field.index()] = time;
        return end + 1;
    }

    /**
     * The next quote, eight bytes at a time; none where there is an escape or no ASCII before it.
     */
    private static int quote(byte[] bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long word = Words.at(bytes, at);
            long marks = Words.ends(word);
            if (marks != 0) {
                at += Long.numberOfTrailingZeros(marks) / Byte.SIZE;
                return bytes[at] == '"' ? at : UNUSUAL;
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == '"') {
                return at;
            }
            if (bytes[at] < ' ' || bytes[at] == '\\') {
                return UNUSUAL;
            }
        }
        return UNUSUAL;
    }

    private static int word(
            byte[] bytes,
            int at,
            int to,
            String word,
            FieldPlan field,
            Object value,
            Object[] values) {
        int end = at + word.length();
        if (end > to) {
            return UNUSUAL;
        }
        for (int i = 1; i < word.length(); i++) {
            if (bytes[at + i] != word.charAt(i)) {
                return UNUSUAL;
            }
        }
        if (field != null) {
            if (value != null && field.type() != FieldType.bool) {
                return UNUSUAL;
            }
            values[field.index()] = value;
        }
        return end;
    }

    private static int number(byte[] bytes, int from, int to, FieldPlan field, Object[] values) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        int at = first;
        long number = 0;
        for (; at < to && isDigit(bytes[at]); at++) {
            number = number * 10 + (bytes[at] - '0');
            if (at - first >= DIGITS) {
                return UNUSUAL;
            }
        }
        if (at == first || bytes[first] == '0' && at - first > 1) {
            return UNUSUAL;
        }
        int decimals = 0;
        if (isAt(bytes, at, to, '.')) {
            at++;
            for (; at < to && isDigit(bytes[at]); at++) {
                number = number * 10 + (bytes[at] - '0');
                decimals++;
                if (at - first > DIGITS) {
                    return UNUSUAL;
                }
            }
            if (decimals == 0) {
                return UNUSUAL;
            }
        }
        if (negative && number == 0) {
            return UNUSUAL;
        }
        if (field == null) {
            return at;
        }
        Object value = number(negative ? -number : number, decimals, field);
        if (value == null) {
            return UNUSUAL;
        }
        values[field.index()] = value;
        return at;
    }

    private static boolean isDigit(byte value) {
        return value >= '0' && value <= '9';
    }

    /** A number as a field has it; null where it cannot. */
    private static Object number(long digits, int decimals, FieldPlan field) {
        double number = digits / POWERS[decimals];
        return switch (field.type()) {
            case integer -> decimals == 0 ? (Object) digits : null;
            case number -> Math.abs(number) <= EventLimits.NUMBER ? (Object) number : null;
            case timestamp -> {
                OptionalLong time = Timestamps.parse(number);
                yield time.isPresent() ? (Object) time.getAsLong() : null;
            }
            default -> null;
        };
    }
}
