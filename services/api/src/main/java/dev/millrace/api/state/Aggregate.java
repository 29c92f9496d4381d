package dev.millrace.api.state;

import dev.millrace.api.history.Tally;
import dev.millrace.api.window.Amount;
import dev.millrace.api.window.Detail;
import dev.millrace.api.window.GroupNumbers;
import dev.millrace.api.window.Percentiles;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A metric over several buckets. A sum beyond 64 bits is the largest or smallest number.
 *
 * @param value over all groups; what {@code unique} counts is counted once, however many groups and
 *     buckets it is in; {@code null} where there is no number
 * @param detail more about all groups; {@code null}: nothing
 * @param groups the numbers of the groups that are there; empty without groups
 * @param values by the group's number
 */
record Aggregate(Number value, Detail detail, int[] groups, GroupNumbers values) {
    private static final int[] NO_GROUPS = {};

    private Aggregate(Number value) {
        this(value, null, NO_GROUPS, new GroupTotals(new long[0], 0));
    }

    private Aggregate(Number value, int[] groups, GroupNumbers values) {
        this(value, null, groups, values);
    }

    /**
     * Adds up buckets of one kind.
     *
     * @param scale decimal places of stored numbers
     */
    static Aggregate of(Slot[] slots, int groups, int values, int scale) {
        return switch (slots.length == 0 ? Bucket.Total.ZERO : slots[0].bucket()) {
            case Bucket.Total _ -> totals(slots, scale);
            case Bucket.Cells _ -> cells(slots, groups, scale);
            case Bucket.Members _ -> members(slots, values);
            case Bucket.GroupedMembers _ -> groupedMembers(slots, groups, values);
            case Bucket.Rows rows -> new Aggregate((long) rows.table().size());
            case Bucket.Averages _ -> averages(slots, groups, scale);
            case Bucket.Extremes first -> extremes(slots, groups, first.greatest(), scale);
            case Bucket.Distributions _ -> distributions(slots, groups, scale);
            case Bucket.Sketches _ -> sketches(slots, groups);
            case Bucket.Registers _ -> registers(slots, groups);
        };
    }

    private static Aggregate totals(Slot[] slots, int scale) {
        long sum =
                Arrays.stream(slots)
                        .mapToLong(slot -> ((Bucket.Total) slot.bucket()).total())
                        .reduce(0, StoredNumber::plus);
        return new Aggregate(Amount.of(sum, scale));
    }

    private static Aggregate cells(Slot[] slots, int groups, int scale) {
        long[] sums = new long[groups];
        BitSet present = new BitSet(groups);
        long total = 0;
        for (Slot slot : slots) {
            Bucket.Cells cells = (Bucket.Cells) slot.bucket();
            for (int i = 0; i < cells.groups().length; i++) {
                int group = cells.groups()[i];
                sums[group] = StoredNumber.plus(sums[group], cells.values()[i]);
                present.set(group);
            }
            total = StoredNumber.plus(total, cells.total());
        }
        return new Aggregate(
                Amount.of(total, scale), present.stream().toArray(), new GroupTotals(sums, scale));
    }

    private static Aggregate members(Slot[] slots, int values) {
        BitSet union = new BitSet(values);
        for (Slot slot : slots) {
            for (int value : ((Bucket.Members) slot.bucket()).values()) {
                union.set(value);
            }
        }
        return new Aggregate((long) union.cardinality());
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
        return new Aggregate(
                (long) union.cardinality(),
                Arrays.copyOf(present, found),
                new GroupTotals(sizes, 0));
    }

    private static Aggregate averages(Slot[] slots, int groups, int scale) {
        long[] sums = new long[groups];
        long[] counts = new long[groups];
        long sum = 0;
        long count = 0;
        for (Slot slot : slots) {
            Bucket.Averages bucket = (Bucket.Averages) slot.bucket();
            for (int i = 0; i < bucket.groups().length; i++) {
                int group = bucket.groups()[i];
                sums[group] = StoredNumber.plus(sums[group], bucket.sums()[i]);
                counts[group] += bucket.counts()[i];
            }
            sum = StoredNumber.plus(sum, bucket.sum());
            count += bucket.count();
        }
        return new Aggregate(
                Amount.of(StoredNumber.average(sum, count, scale)),
                present(groups, group -> counts[group] > 0),
                new GroupAverages(sums, counts, scale));
    }

    private static Aggregate extremes(Slot[] slots, int groups, boolean greatest, int scale) {
        long[] values = new long[groups];
        BitSet there = new BitSet(groups);
        Long best = null;
        for (Slot slot : slots) {
            Bucket.Extremes bucket = (Bucket.Extremes) slot.bucket();
            for (int i = 0; i < bucket.groups().length; i++) {
                int group = bucket.groups()[i];
                long value = bucket.values()[i];
                values[group] =
                        there.get(group) ? Numbers.better(values[group], value, greatest) : value;
                there.set(group);
            }
            if (bucket.best() != null) {
                best = best == null ? bucket.best() : Numbers.better(best, bucket.best(), greatest);
            }
        }
        return new Aggregate(
                best == null ? null : Amount.of(best, scale),
                there.stream().toArray(),
                new GroupExtremes(values, there, scale));
    }

    private static Aggregate distributions(Slot[] slots, int groups, int scale) {
        Distribution[] values = new Distribution[groups];
        Distribution all = new Distribution();
        for (Slot slot : slots) {
            Bucket.Distributions bucket = (Bucket.Distributions) slot.bucket();
            for (int i = 0; i < bucket.groups().length; i++) {
                int group = bucket.groups()[i];
                if (values[group] == null) {
                    values[group] = new Distribution();
                }
                values[group].add(bucket.values()[i]);
            }
            all.add(bucket.all());
        }
        Percentiles detail = Percentiles.of(all, scale);
        return new Aggregate(
                detail.p50(),
                detail,
                present(groups, group -> values[group] != null),
                new GroupPercentiles(values, scale));
    }

    private static Aggregate sketches(Slot[] slots, int groups) {
        Tally[] values = new Tally[groups];
        Tally all = null;
        for (Slot slot : slots) {
            Bucket.Sketches bucket = (Bucket.Sketches) slot.bucket();
            for (int i = 0; i < bucket.groups().length; i++) {
                int group = bucket.groups()[i];
                Tally value = bucket.values()[i];
                values[group] = values[group] == null ? value : values[group].plus(value);
            }
            if (bucket.all() != null) {
                all = all == null ? bucket.all() : all.plus(bucket.all());
            }
        }
        long[] sizes =
                Arrays.stream(values)
                        .mapToLong(value -> value == null ? 0 : value.value(0).longValue())
                        .toArray();
        return new Aggregate(
                all == null ? 0L : all.value(0),
                present(groups, group -> values[group] != null),
                new GroupTotals(sizes, 0));
    }

    private static Aggregate registers(Slot[] slots, int groups) {
        List<HyperLogLog> all = new ArrayList<>(slots.length);
        List<List<HyperLogLog>> byGroup = new ArrayList<>(Collections.nCopies(groups, null));
        for (Slot slot : slots) {
            Bucket.Registers bucket = (Bucket.Registers) slot.bucket();
            all.add(bucket.all());
            for (int i = 0; i < bucket.groups().length; i++) {
                int group = bucket.groups()[i];
                if (byGroup.get(group) == null) {
                    byGroup.set(group, new ArrayList<>(slots.length));
                }
                byGroup.get(group).add(bucket.values()[i]);
            }
        }
        long[] sizes =
                byGroup.stream()
                        .mapToLong(
                                values -> values == null ? 0 : HyperLogLog.union(values).estimate())
                        .toArray();
        return new Aggregate(
                HyperLogLog.union(all).estimate(),
                present(groups, group -> byGroup.get(group) != null),
                new GroupTotals(sizes, 0));
    }

    private static int[] present(int groups, IntPredicate there) {
        return IntStream.range(0, groups).filter(there).toArray();
    }
}
