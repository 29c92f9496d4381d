package dev.millrace.api.state;

import dev.millrace.api.window.Amount;
import dev.millrace.api.window.Detail;
import dev.millrace.api.window.GroupNumbers;
import dev.millrace.api.window.Percentiles;
import dev.millrace.pipeline.state.Distribution;

import java.util.Arrays;

/** Percentiles of groups; the median is a group's number. */
final class GroupPercentiles implements GroupNumbers {
    private final Distribution[] distributions;
    private final double[] medians;
    private final int scale;

    /**
     * The percentiles of groups.
     *
     * @param distributions by the group's number; {@code null} for a group that is not there
     * @param scale decimal places of stored numbers
     */
    GroupPercentiles(Distribution[] distributions, int scale) {
        this.distributions = distributions;
        this.scale = scale;
        this.medians =
                Arrays.stream(distributions)
                        .mapToDouble(
                                numbers ->
                                        numbers == null
                                                ? Double.NaN
                                                : numbers.percentile(50, 0).doubleValue())
                        .toArray();
    }

    @Override
    public Number value(int group) {
        return group < distributions.length && distributions[group] != null
                ? Amount.of(distributions[group].percentile(50, scale))
                : null;
    }

    @Override
    public int compare(int a, int b) {
        return Double.compare(medians[a], medians[b]);
    }

    @Override
    public Detail detail(int group) {
        return Percentiles.of(distributions[group], scale);
    }
}
