package dev.millrace.processor.counting;

import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Takes what cells add, one method for each kind of bucket. */
public interface CellWriter {
    /** A number to add to. */
    void total(String key, long expiry, long amount);

    /**
     * Numbers of groups to add to.
     *
     * @param ranked kept in order of their numbers, as counts are; sums are kept as 64-bit integers
     *     instead
     */
    void groupTotals(String key, long expiry, boolean ranked, Map<String, Long> amounts);

    /** Values to add to a set. */
    void values(String key, long expiry, Set<String> values);

    /**
     * Values to add to the sets of groups.
     *
     * @param setKey the key of a group's set
     */
    void groupValues(
            String key, long expiry, Map<String, Set<String>> groups, UnaryOperator<String> setKey);
}
