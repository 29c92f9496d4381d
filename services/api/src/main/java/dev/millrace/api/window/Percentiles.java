package dev.millrace.api.window;

import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.StoredNumber;

/**
 * How numbers are distributed. Count, least, average and greatest are exact; the percentiles are
 * within 1 %. All but the count are {@code null} where there are no numbers.
 */
public record Percentiles(
        long count,
        Number min,
        Number p50,
        Number average,
        Number p75,
        Number p90,
        Number p95,
        Number p99,
        Number max)
        implements Detail {

    /**
     * The percentiles of a distribution.
     *
     * @param scale decimal places of its numbers
     */
    public static Percentiles of(Distribution numbers, int scale) {
        if (numbers.count() == 0) {
            return new Percentiles(0, null, null, null, null, null, null, null, null);
        }
        return new Percentiles(
                numbers.count(),
                Amount.of(numbers.min(), scale),
                Amount.of(numbers.percentile(50, scale)),
                Amount.of(StoredNumber.average(numbers.sum(), numbers.count(), scale)),
                Amount.of(numbers.percentile(75, scale)),
                Amount.of(numbers.percentile(90, scale)),
                Amount.of(numbers.percentile(95, scale)),
                Amount.of(numbers.percentile(99, scale)),
                Amount.of(numbers.max(), scale));
    }
}
