package dev.millrace.audit.recount;

import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.HyperLogLog;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a bucket holds, as {@link dev.millrace.pipeline.state.StateKeys} describes it.
 *
 * @param numbers integers by group, or by field; the empty name for a metric that is one number
 * @param values of {@code unique}: the different values by group; the empty name without groups
 * @param estimates of {@code unique} with {@code approximate}: the registers by group; the empty
 *     name without groups
 */
public record Contents(
        Map<String, String> numbers,
        Map<String, Set<String>> values,
        Map<String, HyperLogLog> estimates) {
    /** Nothing. */
    public static final Contents EMPTY = new Contents(Map.of(), Map.of());

    /** Contents of exact numbers and values. */
    public Contents(Map<String, String> numbers, Map<String, Set<String>> values) {
        this(numbers, values, Map.of());
    }

    /** Contents of estimates. */
    public static Contents ofEstimates(Map<String, HyperLogLog> estimates) {
        return new Contents(Map.of(), Map.of(), estimates);
    }

    /**
     * How two contents differ.
     *
     * @param entries how many numbers, sets and estimates are not the same
     * @param largest the largest difference of a number, or of a set in values that only one has,
     *     or of an estimate in registers; 0 where nothing differs
     * @param entry name of the entry that differs by that; {@code null} where nothing differs
     */
    public record Difference(long entries, BigInteger largest, String entry) {}

    /** Whether there were more groups than are kept, so that some are together. */
    public boolean hasOthers() {
        return Stream.concat(numbers.keySet().stream(), estimates.keySet().stream())
                .anyMatch(
                        name -> name.equals(GroupKey.OTHER) || name.endsWith(":" + GroupKey.OTHER));
    }

    /** How many numbers and values it holds, for bounding memory. */
    public long size() {
        return numbers.size()
                + values.values().stream().mapToLong(Set::size).sum()
                + estimates.values().stream().mapToLong(HyperLogLog::size).sum();
    }

    /**
     * One number that stands for it: the different values of {@code unique}, or the estimate of how
     * many these are; for other measures all integers added up, which of counts and sums is the
     * total. {@code null} where one of them is no integer.
     */
    public BigInteger total() {
        if (!values.isEmpty()) {
            Set<String> different = new HashSet<>();
            values.values().forEach(different::addAll);
            return BigInteger.valueOf(different.size());
        }
        if (!estimates.isEmpty()) {
            return BigInteger.valueOf(HyperLogLog.union(estimates.values()).estimate());
        }
        try {
            return numbers.values().stream()
                    .map(BigInteger::new)
                    .reduce(BigInteger.ZERO, BigInteger::add);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** How other contents differ from these. */
    public Difference difference(Contents other) {
        long entries = 0;
        BigInteger largest = BigInteger.ZERO;
        String worst = null;
        Set<String> names = new TreeSet<>(numbers.keySet());
        names.addAll(other.numbers.keySet());
        names.addAll(values.keySet());
        names.addAll(other.values.keySet());
        names.addAll(estimates.keySet());
        names.addAll(other.estimates.keySet());
        for (String name : names) {
            BigInteger distance = distance(numbers.get(name), other.numbers.get(name));
            distance =
                    distance.max(
                            distance(
                                    values.getOrDefault(name, Set.of()),
                                    other.values.getOrDefault(name, Set.of())));
            distance = distance.max(distance(estimates.get(name), other.estimates.get(name)));
            if (distance.signum() > 0) {
                entries++;
                if (distance.compareTo(largest) > 0) {
                    largest = distance;
                    worst = name;
                }
            }
        }
        return new Difference(entries, largest, worst);
    }

    private static BigInteger distance(String one, String other) {
        if (Objects.equals(one, other)) {
            return BigInteger.ZERO;
        }
        try {
            BigInteger a = one == null ? BigInteger.ZERO : new BigInteger(one);
            BigInteger b = other == null ? BigInteger.ZERO : new BigInteger(other);
            // A number that is not there is another thing than 0.
            return a.subtract(b).abs().max(BigInteger.ONE);
        } catch (NumberFormatException e) {
            return BigInteger.ONE;
        }
    }

    /** One without values that is there is another thing than none. */
    private static BigInteger distance(HyperLogLog one, HyperLogLog other) {
        if (Objects.equals(one, other)) {
            return BigInteger.ZERO;
        }
        int different =
                (one == null ? HyperLogLog.EMPTY : one)
                        .distance(other == null ? HyperLogLog.EMPTY : other);
        return BigInteger.valueOf(Math.max(1, different));
    }

    private static BigInteger distance(Set<String> one, Set<String> other) {
        long common = one.stream().filter(other::contains).count();
        return BigInteger.valueOf(one.size() + other.size() - 2 * common);
    }
}
