package dev.millrace.api.window;

import java.math.BigDecimal;
import java.util.OptionalDouble;

/** How stored numbers become the numbers of answers. */
public final class Amount {
    private static final double LARGEST_PLAIN = 1e21;
    private static final double SMALLEST_PLAIN = 1e-12;

    private Amount() {}

    /**
     * The exact number of a stored 64-bit integer.
     *
     * @param scale its decimal places
     * @return a Long, or a BigDecimal without trailing zeros where there are decimal places
     */
    public static Number of(long stored, int scale) {
        if (scale == 0) {
            return stored;
        }
        return plain(BigDecimal.valueOf(stored, scale));
    }

    /** A formula's value; {@code null} where it has none. */
    public static Number of(OptionalDouble value) {
        if (value.isEmpty()) {
            return null;
        }
        double number = value.getAsDouble();
        double size = Math.abs(number);
        if (size > LARGEST_PLAIN || (size < SMALLEST_PLAIN && size > 0)) {
            return number;
        }
        return plain(BigDecimal.valueOf(number));
    }

    /** A decimal number without trailing zeros; {@code null} for {@code null}. */
    public static Number of(BigDecimal number) {
        return number == null ? null : plain(number);
    }

    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
