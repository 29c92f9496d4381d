package dev.millrace.processor.counting;

import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.PackedEntries;
import dev.millrace.pipeline.state.Row;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Takes what cells add, one method for each kind of bucket. */
public interface CellWriter {
    /** Very many entries of a bucket, to add to its packed part. */
    void packed(String key, long expiry, PackedEntries entries);

    /** A number to add to. */
    void total(String key, long expiry, long amount);

    /**
     * Numbers of groups to add to.
     *
     * @param most how many groups are kept
     * @param ranked kept in order of their numbers, as counts are; sums are kept as 64-bit integers
     *     instead
     * @param name what a group of the map is called
     */
    void groupTotals(
            String key,
            long expiry,
            int most,
            boolean ranked,
            Map<String, Amount> amounts,
            UnaryOperator<String> name);

    /**
     * Sums and how many numbers they are of, to add to.
     *
     * @param most how many groups are kept
     * @param means by what stands behind the names of their fields: nothing, or {@code :GROUP}
     */
    void averages(String key, long expiry, int most, Map<String, Mean> means);

    /** Values to add to a set. */
    void values(String key, long expiry, Set<String> values);

    /**
     * Values to add to the sets of groups.
     *
     * @param most how many groups are kept
     * @param name what a group of the map is called
     * @param setKey the key of the set of a group of that name
     */
    void groupValues(
            String key,
            long expiry,
            int most,
            Map<String, ? extends Set<String>> groups,
            UnaryOperator<String> name,
            UnaryOperator<String> setKey);

    /** Values to add to a HyperLogLog. */
    void estimates(String key, long expiry, Collection<String> values);

    /**
     * Values to add to the HyperLogLogs of groups.
     *
     * @param most how many groups are kept
     * @param name what a group of the map is called
     * @param logKey the key of the HyperLogLog of a group of that name
     */
    void groupEstimates(
            String key,
            long expiry,
            int most,
            Map<String, ? extends Set<String>> groups,
            UnaryOperator<String> name,
            UnaryOperator<String> logKey);

    /**
     * A number that is the least or greatest, unless there is a better one already.
     *
     * @param greatest whether the greatest is sought, rather than the least
     */
    void extreme(String key, long expiry, boolean greatest, long number);

    /**
     * The same of groups.
     *
     * @param most how many groups are kept
     */
    void groupExtremes(
            String key, long expiry, int most, boolean greatest, Map<String, Long> numbers);

    /**
     * Distributions to add up.
     *
     * @param most about how many groups are kept
     * @param distributions by what stands behind the names of their fields: nothing, or {@code
     *     :GROUP}
     */
    void distributions(String key, long expiry, int most, Map<String, Distribution> distributions);

    /**
     * Rows that take the place of older ones, and never expire.
     *
     * @param limit how many rows are kept at most
     */
    void rows(String key, int limit, Map<String, Row> rows);
}
