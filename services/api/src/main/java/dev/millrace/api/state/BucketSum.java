package dev.millrace.api.state;

import dev.millrace.api.history.Tally;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Adds to a bucket what came later.
 *
 * @param most how many groups a bucket keeps: those that come when it is full are one together
 * @param other the number of that one
 * @param values how many different values have numbers
 */
record BucketSum(int most, int other, int values) {
    /** Both together, which are of one kind. Neither is changed. */
    Bucket of(Bucket known, Bucket added) {
        return switch (known) {
            case Bucket.Total a ->
                    new Bucket.Total(StoredNumber.plus(a.total(), ((Bucket.Total) added).total()));
            case Bucket.Cells a -> {
                Bucket.Cells b = (Bucket.Cells) added;
                Map<Integer, Long> sums =
                        merge(a.groups(), a.values(), b.groups(), b.values(), StoredNumber::plus);
                yield new Bucket.Cells(
                        groups(sums), longs(sums), StoredNumber.plus(a.total(), b.total()));
            }
            case Bucket.Averages a -> averages(a, (Bucket.Averages) added);
            case Bucket.Extremes a -> extremes(a, (Bucket.Extremes) added);
            case Bucket.Distributions a -> distributions(a, (Bucket.Distributions) added);
            case Bucket.Members a ->
                    new Bucket.Members(union(a.values(), ((Bucket.Members) added).values()));
            case Bucket.GroupedMembers a -> members(a, (Bucket.GroupedMembers) added);
            case Bucket.Registers a -> registers(a, (Bucket.Registers) added);
            case Bucket.Sketches a -> sketches(a, (Bucket.Sketches) added);
            case Bucket.Rows _ -> throw new IllegalArgumentException("rows are not added up");
        };
    }

    private Bucket averages(Bucket.Averages a, Bucket.Averages b) {
        record Average(long sum, long count) {
            Average plus(Average more) {
                return new Average(StoredNumber.plus(sum, more.sum), count + more.count);
            }
        }
        Map<Integer, Average> groups =
                merge(
                        a.groups(),
                        i -> new Average(a.sums()[i], a.counts()[i]),
                        b.groups(),
                        i -> new Average(b.sums()[i], b.counts()[i]),
                        Average::plus);
        return new Bucket.Averages(
                groups(groups),
                groups.values().stream().mapToLong(Average::sum).toArray(),
                groups.values().stream().mapToLong(Average::count).toArray(),
                StoredNumber.plus(a.sum(), b.sum()),
                a.count() + b.count());
    }

    private Bucket extremes(Bucket.Extremes a, Bucket.Extremes b) {
        BinaryOperator<Long> better = (one, two) -> Numbers.better(one, two, a.greatest());
        Map<Integer, Long> groups = merge(a.groups(), a.values(), b.groups(), b.values(), better);
        Long best = a.best();
        if (b.best() != null) {
            best = best == null ? b.best() : better.apply(best, b.best());
        }
        return new Bucket.Extremes(a.greatest(), groups(groups), longs(groups), best);
    }

    private Bucket distributions(Bucket.Distributions a, Bucket.Distributions b) {
        Map<Integer, Distribution> groups =
                merge(a.groups(), a.values(), b.groups(), b.values(), BucketSum::plus);
        return new Bucket.Distributions(
                groups(groups),
                groups.values().toArray(Distribution[]::new),
                plus(a.all(), b.all()));
    }

    private static Distribution plus(Distribution a, Distribution b) {
        Distribution sum = new Distribution();
        sum.add(a);
        sum.add(b);
        return sum;
    }

    private Bucket members(Bucket.GroupedMembers a, Bucket.GroupedMembers b) {
        Map<Integer, int[]> groups =
                merge(there(a), a::of, there(b), b::of, BucketSum::union, true);
        int[][] members =
                new int[groups.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1]
                        [];
        groups.forEach((group, set) -> members[group] = set);
        return Bucket.GroupedMembers.of(members, values);
    }

    private static int[] there(Bucket.GroupedMembers members) {
        return IntStream.range(0, members.members().length)
                .filter(group -> members.of(group) != null)
                .toArray();
    }

    private static int[] union(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).distinct().toArray();
    }

    private Bucket registers(Bucket.Registers a, Bucket.Registers b) {
        Map<Integer, HyperLogLog> groups =
                merge(
                        a.groups(),
                        a.values(),
                        b.groups(),
                        b.values(),
                        (one, two) -> HyperLogLog.union(List.of(one, two)));
        return new Bucket.Registers(
                groups(groups),
                new long[groups.size()],
                groups.values().toArray(HyperLogLog[]::new),
                HyperLogLog.union(List.of(a.all(), b.all())));
    }

    private Bucket sketches(Bucket.Sketches a, Bucket.Sketches b) {
        Map<Integer, Tally.Unique> groups =
                merge(a.groups(), a.values(), b.groups(), b.values(), BucketSum::plus);
        return new Bucket.Sketches(
                groups(groups),
                groups.values().toArray(Tally.Unique[]::new),
                a.all() == null || b.all() == null
                        ? a.all() == null ? b.all() : a.all()
                        : plus(a.all(), b.all()));
    }

    private static Tally.Unique plus(Tally.Unique a, Tally.Unique b) {
        return (Tally.Unique) a.plus(b);
    }

    private <T> Map<Integer, T> merge(
            int[] known,
            IntFunction<T> knownValue,
            int[] added,
            IntFunction<T> addedValue,
            BinaryOperator<T> plus) {
        return merge(known, knownValue, added, addedValue, plus, false);
    }

    private Map<Integer, Long> merge(
            int[] known,
            long[] knownValues,
            int[] added,
            long[] addedValues,
            BinaryOperator<Long> plus) {
        return merge(known, i -> knownValues[i], added, i -> addedValues[i], plus, false);
    }

    private <T> Map<Integer, T> merge(
            int[] known, T[] knownValues, int[] added, T[] addedValues, BinaryOperator<T> plus) {
        return merge(known, i -> knownValues[i], added, i -> addedValues[i], plus, false);
    }

    /**
     * Groups of both.
     *
     * @param byGroup whether values are asked for by the group's number rather than by its place
     */
    private <T> Map<Integer, T> merge(
            int[] known,
            IntFunction<T> knownValue,
            int[] added,
            IntFunction<T> addedValue,
            BinaryOperator<T> plus,
            boolean byGroup) {
        Map<Integer, T> all = LinkedHashMap.newLinkedHashMap(known.length + added.length);
        for (int i = 0; i < known.length; i++) {
            all.merge(known[i], knownValue.apply(byGroup ? known[i] : i), plus);
        }
        for (int i = 0; i < added.length; i++) {
            boolean isFull = all.size() - (all.containsKey(other) ? 1 : 0) >= most;
            int group = isFull && !all.containsKey(added[i]) ? other : added[i];
            all.merge(group, addedValue.apply(byGroup ? added[i] : i), plus);
        }
        return all;
    }

    private static int[] groups(Map<Integer, ?> groups) {
        return groups.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    private static long[] longs(Map<Integer, Long> numbers) {
        return numbers.values().stream().mapToLong(Long::longValue).toArray();
    }
}
