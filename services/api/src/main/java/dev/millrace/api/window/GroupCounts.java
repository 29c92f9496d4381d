package dev.millrace.api.window;

import java.util.function.IntUnaryOperator;

/**
 * Groups that are counted.
 *
 * @param count by the group's index
 */
record GroupCounts(IntUnaryOperator count) implements GroupNumbers {
    @Override
    public Number value(int group) {
        return (long) count.applyAsInt(group);
    }

    @Override
    public int compare(int a, int b) {
        return Integer.compare(count.applyAsInt(a), count.applyAsInt(b));
    }
}
