package dev.millrace.api.state;

import dev.millrace.api.window.Amount;
import dev.millrace.api.window.GroupNumbers;

/**
 * Numbers that are 0 for a group that is not there.
 *
 * @param totals by the group's number; may be shorter
 * @param scale decimal places
 */
record GroupTotals(long[] totals, int scale) implements GroupNumbers {
    @Override
    public Number value(int group) {
        return Amount.of(group < totals.length ? totals[group] : 0, scale);
    }

    @Override
    public int compare(int a, int b) {
        return Long.compare(totals[a], totals[b]);
    }
}
