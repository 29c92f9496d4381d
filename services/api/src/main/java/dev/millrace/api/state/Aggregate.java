package dev.millrace.api.state;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A metric over several buckets. A sum beyond 64 bits is the largest or smallest number.
 *
 * @param value over all groups; what {@code unique} counts is counted once, however many groups and
 *     buckets it is in
 * @param groups the numbers of the groups that are there; empty without groups
 * @param values by the group's number
 */
record Aggregate(long value, int[] groups, long[] values) {
    private static final int[] NO_GROUPS = {};
    private static final long[] NO_VALUES = {};

    /** Adds up buckets of one kind. */
    static Aggregate of(Slot[] slots, int groups, int values) {
        return switch (slots.length == 0 ? Bucket.Total.ZERO : slots[0].bucket()) {
            case Bucket.Total _ -> totals(slots);
            case Bucket.Cells _ -> cells(slots, groups);
            case Bucket.Members _ -> members(slots, values);
            case Bucket.GroupedMembers _ -> groupedMembers(slots, groups, values);
        };
    }

    private static Aggregate totals(Slot[] slots) {
        long sum =
                Arrays.stream(slots)
                        .mapToLong(slot -> slot.bucket().total())
                        .reduce(0, Numbers::add);
        return new Aggregate(sum, NO_GROUPS, NO_VALUES);
    }

    private static Aggregate cells(Slot[] slots, int groups) {
        long[] sums = new long[groups];
        BitSet present = new BitSet(groups);
        long total = 0;
        for (Slot slot : slots) {
            Bucket.Cells cells = (Bucket.Cells) slot.bucket();
            for (int i = 0; i < cells.groups().length; i++) {
                int group = cells.groups()[i];
                sums[group] = Numbers.add(sums[group], cells.values()[i]);
                present.set(group);
            }
            total = Numbers.add(total, cells.total());
        }
        return new Aggregate(total, present.stream().toArray(), sums);
    }

    private static Aggregate members(Slot[] slots, int values) {
        BitSet union = new BitSet(values);
        for (Slot slot : slots) {
            for (int value : ((Bucket.Members) slot.bucket()).values()) {
                union.set(value);
            }
        }
        return new Aggregate(union.cardinality(), NO_GROUPS, NO_VALUES);
    }

    private static Aggregate groupedMembers(Slot[] slots, int groups, int values) {
        long[] sizes = new long[groups];
        int[] present = new int[groups];
        int found = 0;
        BitSet union = new BitSet(values);
        int[] seenIn = new int[values];
        for (int group = 0; group < groups; group++) {
            int size = 0;
            for (Slot slot : slots) {
                int[] members = ((Bucket.GroupedMembers) slot.bucket()).of(group);
                if (members == null) {
                    continue;
                }
                for (int value : members) {
                    if (seenIn[value] != group + 1) {
                        seenIn[value] = group + 1;
                        union.set(value);
                        size++;
                    }
                }
            }
            if (size > 0) {
                sizes[group] = size;
                present[found++] = group;
            }
        }
        return new Aggregate(union.cardinality(), Arrays.copyOf(present, found), sizes);
    }
}
