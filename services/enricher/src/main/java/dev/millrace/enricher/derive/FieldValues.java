package dev.millrace.enricher.derive;

import dev.millrace.pipeline.event.EventLimits;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.event.Timestamps;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.resource.FieldType;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Fits values that were read as they came, or computed, to declared fields, by the same rules as
 * events' own fields.
 */
final class FieldValues {
    private static final long LAST_TIME = 253_402_300_799_999L;

    private FieldValues() {}

    /** That a value does not fit. */
    static final class UnfitException extends Exception {
        private static final long serialVersionUID = 1;
        private final Cause cause;

        UnfitException(Cause cause, String reason) {
            super(reason, null, false, false);
            this.cause = cause;
        }

        Cause fault() {
            return cause;
        }
    }

    /**
     * A value of an array's element.
     *
     * @param name what the field is called in messages
     * @return {@code null} where it is missing and may be
     */
    static Object read(FieldPlan field, String name, Object value) throws UnfitException {
        if (value == null) {
            if (field.required()) {
                throw new UnfitException(Cause.missing, "Missing fields: ['" + name + "']");
            }
            return null;
        }
        return switch (field.type()) {
            case string ->
                    value instanceof String text ? text(name, text) : mismatch(field, name, value);
            case integer ->
                    switch (value) {
                        case Long whole -> whole;
                        case Double number
                                when number == Math.rint(number) && Math.abs(number) < 0x1p63 ->
                                number.longValue();
                        default -> mismatch(field, name, value);
                    };
            case number ->
                    switch (value) {
                        case Long whole -> number(name, whole.doubleValue());
                        case Double number -> number(name, number);
                        default -> mismatch(field, name, value);
                    };
            case bool -> value instanceof Boolean ? value : mismatch(field, name, value);
            case timestamp -> {
                OptionalLong time =
                        switch (value) {
                            case String text -> Timestamps.parse(text);
                            case Long whole -> Timestamps.parse(whole.doubleValue());
                            case Double number -> Timestamps.parse(number);
                            default -> OptionalLong.empty();
                        };
                yield time.isPresent() ? (Object) time.getAsLong() : mismatch(field, name, value);
            }
            case object -> value instanceof Map ? value : mismatch(field, name, value);
            case array -> value instanceof List ? value : mismatch(field, name, value);
        };
    }

    /** Checks a computed value, which is of the field's type already. */
    static Object computed(FieldPlan field, Object value) throws UnfitException {
        return switch (value) {
            case String text -> text(field.name(), text);
            case Double number -> number(field.name(), number);
            case Long time when field.type() == FieldType.timestamp -> {
                if (time < 0 || time > LAST_TIME) {
                    throw new UnfitException(
                            Cause.compute,
                            "Cannot compute '"
                                    + field.name()
                                    + "': it is no time of the years 1970 to 9999");
                }
                yield time;
            }
            case null, default -> value;
        };
    }

    private static Object number(String name, double number) throws UnfitException {
        if (!Double.isFinite(number)) {
            throw new UnfitException(
                    Cause.compute,
                    "Cannot compute '" + name + "': it is " + number + ", no number");
        }
        if (Math.abs(number) > EventLimits.NUMBER) {
            throw new UnfitException(Cause.size, "Too large: '" + name + "' is beyond ±10^12");
        }
        return number + 0.0;
    }

    private static Object text(String name, String text) throws UnfitException {
        if (text.length() > EventLimits.STRING) {
            throw new UnfitException(
                    Cause.size,
                    "Too long: '"
                            + name
                            + "' has "
                            + text.length()
                            + " characters, at most "
                            + EventLimits.STRING
                            + " are allowed");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int codePoint = text.codePointAt(i);
                if (codePoint <= Character.MAX_VALUE) {
                    throw new UnfitException(
                            Cause.malformed,
                            "Broken character in '" + name + "': half of a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }

    private static Object mismatch(FieldPlan field, String name, Object value)
            throws UnfitException {
        String is =
                switch (value) {
                    case Map<?, ?> _ -> "an object";
                    case List<?> _ -> "an array";
                    case String _ -> "a string";
                    case Boolean _ -> "a boolean";
                    default -> "a number";
                };
        String needs =
                switch (field.type()) {
                    case bool -> "boolean";
                    case timestamp -> "a time such as 2026-01-31T12:00:00Z";
                    default -> field.type().name();
                };
        throw new UnfitException(
                Cause.type, "Wrong type: '" + name + "' is " + is + ", needs " + needs);
    }
}
