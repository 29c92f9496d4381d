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
     * @param field whose value it is; {@code null} for nobody's
     */
    private record Step(byte[] lead, Field field, boolean text) {}

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
     */
    private record Field(
            FieldPlan plan,
            int index,
            Form form,
            byte[] name,
            String[] choices,
            byte[][] choiceBytes) {
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
                    Arrays.stream(choices).map(FlatScanner::quoted).toArray(byte[][]::new));
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
     * @param values takes the values, by the fields' indexes
     * @return whether it was read; where not, some values may be there already
     */
    boolean read(byte[] bytes, Object[] values) {
        if (bytes == null || bytes.length > EventLimits.BYTES) {
            return false;
        }
        int at = 0;
        for (int place = 0; ; place++) {
            Step step = place < PLACES ? steps[place] : null;
            if (step != null && Words.areAt(step.lead(), bytes, at)) {
                at += step.lead().length;
                at =
                        step.text()
                                ? text(bytes, at, step.field(), values)
                                : value(bytes, at, step.field(), values);
            } else {
                at = step(bytes, at, place, values);
            }
            if (at < 0) {
                return at == END;
            }
            if (at == bytes.length - 1 && bytes[at] == '}') {
                return true;
            }
        }
    }

    /** Reads on from behind a value to behind the next one, and remembers how it goes on here. */
    private int step(byte[] bytes, int from, int place, Object[] values) {
        int at = blanks(bytes, from);
        if (!isAt(bytes, at, place == 0 ? '{' : ',')) {
            return place == 0 ? UNUSUAL : end(bytes, at);
        }
        at = blanks(bytes, at + 1);
        if (!isAt(bytes, at, '"')) {
            return place == 0 ? end(bytes, at) : UNUSUAL;
        }
        Field field = field(bytes, at + 1);
        at = field == null ? unknown(bytes, at + 1) : at + 1 + field.name().length;
        if (at == UNUSUAL) {
            return UNUSUAL;
        }
        at = blanks(bytes, at);
        if (!isAt(bytes, at, ':')) {
            return UNUSUAL;
        }
        at = blanks(bytes, at + 1);
        boolean text = isAt(bytes, at, '"');
        int start = text ? at + 1 : at;
        if (place < PLACES && start - from <= LONGEST_LEAD) {
            steps[place] = new Step(Arrays.copyOfRange(bytes, from, start), field, text);
        }
        return text ? text(bytes, start, field, values) : value(bytes, start, field, values);
    }

    /** The end, if the object is closed here and nothing is behind it. */
    private static int end(byte[] bytes, int at) {
        return isAt(bytes, at, '}') && blanks(bytes, at + 1) == bytes.length ? END : UNUSUAL;
    }

    private static boolean isAt(byte[] bytes, int at, char what) {
        return at < bytes.length && bytes[at] == what;
    }

    private static int blanks(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length
                && (bytes[at] == ' '
                        || bytes[at] == '\n'
                        || bytes[at] == '\r'
                        || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    private Field field(byte[] bytes, int at) {
        for (Field field : fields) {
            if (Words.areAt(field.name(), bytes, at)) {
                return field;
            }
        }
        return null;
    }

    /** Reads a name that is no field's to behind its quote. */
    private int unknown(byte[] bytes, int from) {
        int end = quote(bytes, from);
        if (end == UNUSUAL || end - from > LONGEST_NAME) {
            return UNUSUAL;
        }
        for (byte[] object : objects) {
            if (Words.areAt(object, bytes, from)) {
                return UNUSUAL;
            }
        }
        return end + 1;
    }

    /** Reads a value to behind it; of no field where that is null. */
    private int value(byte[] bytes, int at, Field field, Object[] values) {
        if (at >= bytes.length) {
            return UNUSUAL;
        }
        FieldPlan plan = field == null ? null : field.plan();
        return switch (bytes[at]) {
            case '"' -> text(bytes, at + 1, field, values);
            case 't' -> word(bytes, at, "true", plan, Boolean.TRUE, values);
            case 'f' -> word(bytes, at, "false", plan, Boolean.FALSE, values);
            case 'n' -> word(bytes, at, "null", plan, null, values);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                    number(bytes, at, plan, values);
            default -> UNUSUAL;
        };
    }

    private int text(byte[] bytes, int from, Field field, Object[] values) {
        if (field == null) {
            int end = quote(bytes, from);
            return end == UNUSUAL ? UNUSUAL : end + 1;
        }
        switch (field.form()) {
            case TEXT -> {
                TextCache.Entry entry = texts.at(bytes, from);
                if (entry == null) {
                    return longText(bytes, from, field, values);
                }
                values[field.index()] = entry.text();
                return from + entry.length() + 1;
            }
            case TIME -> {
                return time(bytes, from, field, values);
            }
            case CHOICE -> {
                return choice(bytes, from, field, values);
            }
            default -> {
                return UNUSUAL;
            }
        }
    }

    private static int choice(byte[] bytes, int from, Field field, Object[] values) {
        for (int i = 0; i < field.choices().length; i++) {
            byte[] quoted = field.choiceBytes()[i];
            if (Words.areAt(quoted, bytes, from)) {
                values[field.index()] = field.choices()[i];
                return from + quoted.length;
            }
        }
        return UNUSUAL;
    }

    private static int longText(byte[] bytes, int from, Field field, Object[] values) {
        int end = quote(bytes, from);
        if (end == UNUSUAL || end - from > EventLimits.STRING) {
            return UNUSUAL;
        }
        values[field.index()] = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
        return end + 1;
    }

    private int time(byte[] bytes, int from, Field field, Object[] values) {
        long known = clock.known(bytes, from);
        if (known >= 0) {
            values[field.index()] = known;
            return from + MinuteClock.WITH_MILLIS + 1;
        }
        int end = quote(bytes, from);
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
    private static int quote(byte[] bytes, int from) {
        int at = from;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            long word = Words.at(bytes, at);
            long marks = Words.ends(word);
            if (marks != 0) {
                at += Long.numberOfTrailingZeros(marks) / Byte.SIZE;
                return bytes[at] == '"' ? at : UNUSUAL;
            }
        }
        for (; at < bytes.length; at++) {
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
            byte[] bytes, int at, String word, FieldPlan field, Object value, Object[] values) {
        int end = at + word.length();
        if (end > bytes.length) {
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

    private static int number(byte[] bytes, int from, FieldPlan field, Object[] values) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        int at = first;
        long number = 0;
        for (; at < bytes.length && isDigit(bytes[at]); at++) {
            number = number * 10 + (bytes[at] - '0');
            if (at - first >= DIGITS) {
                return UNUSUAL;
            }
        }
        if (at == first || bytes[first] == '0' && at - first > 1) {
            return UNUSUAL;
        }
        int decimals = 0;
        if (isAt(bytes, at, '.')) {
            at++;
            for (; at < bytes.length && isDigit(bytes[at]); at++) {
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
