package dev.millrace.producer.generate;

import dev.millrace.pipeline.resource.FieldType;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;

/**
 * Numbers of a range, small ones more often than large ones: log-uniform. A range that reaches 0 or
 * below is log-uniform in the distance from its least number.
 */
final class NumberRange implements Value {
    private static final int DECIMALS = 2;

    private final long least;
    private final long greatest;
    private final int decimals;
    private final double shift;
    private final double logLeast;
    private final double logSpan;

    private NumberRange(long least, long greatest, int decimals) {
        this.least = least;
        this.greatest = Math.max(least, greatest);
        this.decimals = decimals;
        this.shift = least > 0 ? 0 : 1 - (double) least;
        this.logLeast = Math.log(least + shift);
        this.logSpan = Math.log(this.greatest + shift) - logLeast;
    }

    /** The numbers between two, both included; such as {@code 1..500}. */
    static NumberRange of(FieldType type, String range) {
        int dots = range.indexOf("..");
        BigDecimal least = new BigDecimal(range.substring(0, dots));
        BigDecimal greatest = new BigDecimal(range.substring(dots + 2));
        int decimals =
                type == FieldType.integer
                        ? 0
                        : Math.max(DECIMALS, Math.max(least.scale(), greatest.scale()));
        return new NumberRange(
                scaled(least, decimals, RoundingMode.CEILING),
                scaled(greatest, decimals, RoundingMode.FLOOR),
                decimals);
    }

    private static long scaled(BigDecimal number, int decimals, RoundingMode rounding) {
        return number.setScale(decimals, rounding).unscaledValue().longValueExact();
    }

    @Override
    public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
        double drawn = Math.exp(logLeast + random.nextDouble() * logSpan) - shift;
        out.putDecimal(Math.clamp(Math.round(drawn), least, greatest), decimals);
    }
}
