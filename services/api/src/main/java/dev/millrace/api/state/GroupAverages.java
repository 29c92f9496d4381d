package dev.millrace.api.state;

import dev.millrace.api.window.Amount;
import dev.millrace.api.window.GroupNumbers;
import dev.millrace.pipeline.state.StoredNumber;

/**
 * Averages of groups.
 *
 * @param sums by the group's number; may be shorter
 * @param counts of how many numbers the sums are
 * @param scale decimal places of sums
 */
record GroupAverages(long[] sums, long[] counts, int scale) implements GroupNumbers {
    @Override
    public Number value(int group) {
        return group < sums.length
                ? Amount.of(StoredNumber.average(sums[group], counts[group], scale))
                : null;
    }

    @Override
    public int compare(int a, int b) {
        return Double.compare((double) sums[a] / counts[a], (double) sums[b] / counts[b]);
    }
}
