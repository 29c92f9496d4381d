package dev.millrace.pipeline.event;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.resource.FieldType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads events of the usual form straight from their bytes: one object in ASCII of texts without
 * escapes, plain numbers, booleans and nulls, in which every declared field is as it should be.
 * Whatever else there is, it leaves to the parser: it gives up where it is in any doubt, and never
 * says what is wrong. Safe for use by many threads.
 */
final class FlatScanner {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x80 * ONES;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;

    /** What so many digits say, doubles hold exactly, and so their quotient is rounded rightly. */
    private static final int DIGITS = 15;

    private static final int LONGEST_NAME = 256;

    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    /** Where reading ends that gives up. */
    private static final int UNUSUAL = -1;

    private final Field[] fields;
    private final byte[][] objects;
    private final TextCache texts = new TextCache();
    private final MinuteClock clock = new MinuteClock();

    /** Which field was seen last at each place: mostly events have them in the same order. */
    private final Field[] order = new Field[64];

    /**
     * A field.
     *
     * @param name its name's bytes, and the quote behind them
     * @param choices the only texts allowed; empty where any is
     * @param choiceBytes theirs, and the quote behind them
     */
    private record Field(
            FieldPlan plan, byte[] name, List<String> choices, List<byte[]> choiceBytes) {
        static Field of(FieldPlan plan) {
            List<String> choices = plan.allowed().stream().filter(FlatScanner::isPlain).toList();
            return new Field(
                    plan,
                    quoted(plan.path().getFirst()),
                    choices,
                    choices.stream().map(FlatScanner::quoted).toList());
        }

        /** The choice at a place; null where there is none of them. */
        String choice(byte[] bytes, int at) {
            for (int i = 0; i < choices.size(); i++) {
                if (Words.areAt(choiceBytes.get(i), bytes, at)) {
                    return choices.get(i);
                }
            }
            return null;
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
        int at = blanks(bytes, 0);
        if (!isAt(bytes, at, '{')) {
            return false;
        }
        at = blanks(bytes, at + 1);
        if (isAt(bytes, at, '}')) {
            return blanks(bytes, at + 1) == bytes.length;
        }
        for (int place = 0; ; place++) {
            if (!isAt(bytes, at, '"')) {
                return false;
            }
            Field field = field(bytes, at + 1, place);
            at = field == null ? unknown(bytes, at + 1) : at + 1 + field.name().length;
            if (at == UNUSUAL) {
                return false;
            }
            at = blanks(bytes, at);
            if (!isAt(bytes, at, ':')) {
                return false;
            }
            at = value(bytes, blanks(bytes, at + 1), field, values);
            if (at == UNUSUAL) {
                return false;
            }
            at = blanks(bytes, at);
            if (isAt(bytes, at, '}')) {
                return blanks(bytes, at + 1) == bytes.length;
            }
            if (!isAt(bytes, at, ',')) {
                return false;
            }
            at = blanks(bytes, at + 1);
        }
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

    private Field field(byte[] bytes, int at, int place) {
        Field likely = place < order.length ? order[place] : null;
        if (likely != null && Words.areAt(likely.name(), bytes, at)) {
            return likely;
        }
        for (Field field : fields) {
            if (Words.areAt(field.name(), bytes, at)) {
                if (place < order.length) {
                    order[place] = field;
                }
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
        int end = quote(bytes, from);
        if (end == UNUSUAL || field == null) {
            return end == UNUSUAL ? UNUSUAL : end + 1;
        }
        FieldPlan plan = field.plan();
        if (plan.type() == FieldType.timestamp) {
            long time = clock.parse(bytes, from, end);
            if (time < 0) {
                return UNUSUAL;
            }
            values[plan.index()] = time;
            return end + 1;
        }
        if (plan.type() != FieldType.string || end - from > EventLimits.STRING) {
            return UNUSUAL;
        }
        String text =
                plan.allowed().isEmpty() ? texts.text(bytes, from, end) : field.choice(bytes, from);
        values[plan.index()] = text;
        return text == null ? UNUSUAL : end + 1;
    }

    /**
     * The next quote, eight bytes at a time; none where there is an escape or no ASCII before it.
     */
    private static int quote(byte[] bytes, int from) {
        int at = from;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            long word = Words.at(bytes, at);
            long quotes = word ^ QUOTES;
            long backslashes = word ^ BACKSLASHES;
            // The lowest marked byte is a true one: borrows only go upwards.
            long marks =
                    ((quotes - ONES & ~quotes)
                                    | (backslashes - ONES & ~backslashes)
                                    | (word - SPACES & ~word)
                                    | word)
                            & HIGH;
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
