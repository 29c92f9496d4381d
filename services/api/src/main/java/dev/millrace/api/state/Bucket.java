package dev.millrace.api.state;

import dev.millrace.api.history.Tally;
import dev.millrace.api.window.Amount;
import dev.millrace.api.window.RowTable;
import dev.millrace.pipeline.plan.LatestPlan;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.Row;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one bucket of a metric holds. Groups and values are numbers of {@link Names}. */
sealed interface Bucket {
    /**
     * The metric over this bucket alone; {@code null} where it has no number.
     *
     * @param scale decimal places of stored numbers
     */
    Number value(int scale);

    /** How many numbers or values are kept in memory. */
    int cells();

    /** One number: {@code count} and {@code sum}. */
    record Total(long total) implements Bucket {
        static final Total ZERO = new Total(0);

        @Override
        public Number value(int scale) {
            return Amount.of(total, scale);
        }

        @Override
        public int cells() {
            return 1;
        }
    }

    /** A number for each group: {@code count} and {@code sum} with {@code by}. */
    record Cells(int[] groups, long[] values, long total) implements Bucket {
        @Override
        public Number value(int scale) {
            return Amount.of(total, scale);
        }

        @Override
        public int cells() {
            return groups.length;
        }
    }

    /** Different values: {@code unique}. */
    record Members(int[] values) implements Bucket {
        @Override
        public Number value(int scale) {
            return (long) values.length;
        }

        @Override
        public int cells() {
            return values.length;
        }
    }

    /**
     * Different values of each group: {@code unique} with {@code by}.
     *
     * @param members by the group's number; {@code null} for a group that is not there
     * @param total how many different values there are in all groups together
     */
    record GroupedMembers(int[][] members, long total, int cells) implements Bucket {
        @Override
        public Number value(int scale) {
            return total;
        }

        /**
         * The values of groups.
         *
         * @param known how many different values have numbers
         */
        static GroupedMembers of(int[][] members, int known) {
            BitSet union = new BitSet(known);
            int cells = 0;
            for (int[] set : members) {
                if (set != null) {
                    Arrays.stream(set).forEach(union::set);
                    cells += set.length;
                }
            }
            return new GroupedMembers(members, union.cardinality(), cells);
        }

        /** The values of a group; {@code null} where it is not there. */
        int[] of(int group) {
            return group < members.length ? members[group] : null;
        }
    }

    /**
     * Sums and counts: {@code average}.
     *
     * @param groups empty without {@code by}
     * @param sum over all groups
     * @param count over all groups
     */
    record Averages(int[] groups, long[] sums, long[] counts, long sum, long count)
            implements Bucket {
        @Override
        public Number value(int scale) {
            return Amount.of(StoredNumber.average(sum, count, scale));
        }

        @Override
        public int cells() {
            return groups.length + 1;
        }
    }

    /**
     * The least or greatest: {@code min} and {@code max}.
     *
     * @param groups empty without {@code by}
     * @param best over all groups; {@code null} where there is no number
     */
    record Extremes(boolean greatest, int[] groups, long[] values, Long best) implements Bucket {
        @Override
        public Number value(int scale) {
            return best == null ? null : Amount.of(best, scale);
        }

        @Override
        public int cells() {
            return groups.length + 1;
        }
    }

    /**
     * How numbers are distributed: {@code percentiles}.
     *
     * @param groups empty without {@code by}
     * @param values of each group
     * @param all over all groups; not to be changed
     */
    record Distributions(int[] groups, Distribution[] values, Distribution all) implements Bucket {
        @Override
        public Number value(int scale) {
            return Amount.of(all.percentile(50, scale));
        }

        @Override
        public int cells() {
            return all.size() + Arrays.stream(values).mapToInt(Distribution::size).sum();
        }
    }

    /**
     * How many different values there are, about: {@code unique} of which the values themselves are
     * not known.
     *
     * @param groups empty without {@code by}
     * @param values of each group
     * @param all over all groups; {@code null} where there is nothing
     */
    record Sketches(int[] groups, Tally.Unique[] values, Tally.Unique all) implements Bucket {
        @Override
        public Number value(int scale) {
            return all == null ? 0L : all.value(0);
        }

        @Override
        public int cells() {
            return groups.length + 1;
        }
    }

    /**
     * Registers of different values: {@code unique} with {@code approximate}.
     *
     * @param groups empty without {@code by}
     * @param changed by which flush each group was changed last
     * @param values of each group
     * @param all over all groups
     */
    record Registers(int[] groups, long[] changed, HyperLogLog[] values, HyperLogLog all)
            implements Bucket {
        /** No value. */
        static final Registers NONE =
                new Registers(new int[0], new long[0], new HyperLogLog[0], HyperLogLog.EMPTY);

        @Override
        public Number value(int scale) {
            return all.estimate();
        }

        @Override
        public int cells() {
            return all.size() + Arrays.stream(values).mapToInt(HyperLogLog::size).sum();
        }
    }

    /**
     * Rows: {@code latest}.
     *
     * @param rows by key; belongs to the reader, who goes on with it
     * @param sequence the newest flush that changed any of them
     * @param table the rows as they were read
     * @param leaves when the first of them leaves, in milliseconds since 1970
     */
    record Rows(Map<String, RowTable.Entry> rows, long sequence, RowTable table, long leaves)
            implements Bucket {
        /** No rows yet. */
        static Rows none(LatestPlan plan) {
            return new Rows(new HashMap<>(), -1, new RowTable(List.of(), plan, 0), Row.NEVER);
        }

        @Override
        public Number value(int scale) {
            return (long) table.size();
        }

        @Override
        public int cells() {
            return table.size();
        }
    }
}
