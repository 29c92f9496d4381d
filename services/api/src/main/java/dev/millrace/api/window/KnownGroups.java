package dev.millrace.api.window;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Groups of which the numbers are known already.
 *
 * @param groups by their index
 * @param number which of a group's numbers
 */
record KnownGroups(List<Group> groups, Function<Group, Number> number) implements GroupNumbers {
    private static final Comparator<Number> BY_SIZE = Comparator.nullsFirst(KnownGroups::compare);

    @Override
    public Number value(int group) {
        return number.apply(groups.get(group));
    }

    @Override
    public int compare(int a, int b) {
        return BY_SIZE.compare(value(a), value(b));
    }

    @Override
    public Detail detail(int group) {
        return groups.get(group).detail();
    }

    private static int compare(Number a, Number b) {
        return a instanceof Long one && b instanceof Long other
                ? one.compareTo(other)
                : new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
    }
}
