package dev.millrace.api.state;

import dev.millrace.api.window.Amount;
import dev.millrace.api.window.GroupNumbers;

import java.util.BitSet;

/**
 * The least or greatest number of each group.
 *
 * @param values by the group's number
 * @param present the groups that are there
 * @param scale decimal places
 */
record GroupExtremes(long[] values, BitSet present, int scale) implements GroupNumbers {
    @Override
    public Number value(int group) {
        return present.get(group) ? Amount.of(values[group], scale) : null;
    }

    @Override
    public int compare(int a, int b) {
        return Long.compare(values[a], values[b]);
    }
}
