package dev.millrace.pipeline.state;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.FieldType;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Measured numbers as the 64-bit integers that are stored: whole numbers as they are, fractions as
 * millionths. Whoever counts, recounts or answers reckons with these, so all get the same numbers
 * in any order.
 */
public final class StoredNumber {
    private static final double MILLION = 1e6;

    private StoredNumber() {}

    /**
     * What an event has in a numeric field.
     *
     * @return {@code null} where the field is not there
     */
    public static Long of(Event event, FieldPlan field) {
        return switch (event.value(field)) {
            case null -> null;
            case Long whole when field.type() == FieldType.integer -> whole;
            case Number number -> Math.round(number.doubleValue() * MILLION);
            default -> null;
        };
    }

    /** The sum of two numbers; the largest or smallest number where it is beyond 64 bits. */
    public static long plus(long one, long other) {
        long sum = one + other;
        if (((one ^ sum) & (other ^ sum)) < 0) {
            return one > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
        return sum;
    }

    /**
     * The average that a sum and a count make, to 16 digits.
     *
     * @param scale {@link MeasurePlan#scale() decimal places} of the sum
     * @return {@code null} where nothing was counted
     */
    public static BigDecimal average(long sum, long count, int scale) {
        return count == 0
                ? null
                : BigDecimal.valueOf(sum, scale)
                        .divide(BigDecimal.valueOf(count), MathContext.DECIMAL64);
    }
}
