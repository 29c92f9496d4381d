package dev.millrace.processor.counting;

import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.StateKeys;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What events since the last flush add to one bucket of one metric. For one thread. */
public sealed interface Cell
        permits Cell.Total, Cell.GroupTotals, Cell.Values, Cell.GroupValues, EventCell {
    /** The bucket's key in Redis. */
    String key();

    /** When the bucket may be removed, in seconds since 1970; 0 for never. */
    long expiry();

    /** How many writes it takes to flush. */
    int size();

    /** Hands over what it adds. */
    void writeTo(CellWriter writer);

    /** One number: {@code count} and {@code sum}. */
    final class Total implements Cell {
        private final String key;
        private final long expiry;
        private long total;

        Total(String key, long expiry) {
            this.key = key;
            this.expiry = expiry;
        }

        void add(long amount) {
            // A sum beyond 64 bits saturates; Redis would refuse it anyway.
            long sum = total + amount;
            total =
                    ((total ^ sum) & (amount ^ sum)) < 0
                            ? (amount > 0 ? Long.MAX_VALUE : Long.MIN_VALUE)
                            : sum;
        }

        long amount() {
            return total;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public long expiry() {
            return expiry;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void writeTo(CellWriter writer) {
            writer.total(key, expiry, total);
        }
    }

    /** A number for each group: {@code count} and {@code sum} with {@code by}. */
    final class GroupTotals implements Cell {
        private final String key;
        private final long expiry;
        private final boolean ranked;
        private final Map<String, Total> groups = new HashMap<>();

        GroupTotals(String key, long expiry, boolean ranked) {
            this.key = key;
            this.expiry = expiry;
            this.ranked = ranked;
        }

        /** Adds to a group; says how many writes more its flush takes. */
        int add(String group, long amount) {
            Total total = groups.get(group);
            if (total == null) {
                total = new Total(group, 0);
                groups.put(group, total);
                total.add(amount);
                return 1;
            }
            total.add(amount);
            return 0;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public long expiry() {
            return expiry;
        }

        @Override
        public int size() {
            return groups.size();
        }

        @Override
        public void writeTo(CellWriter writer) {
            Map<String, Long> amounts = HashMap.newHashMap(groups.size());
            groups.forEach((group, total) -> amounts.put(group, total.total));
            writer.groupTotals(key, expiry, ranked, amounts);
        }
    }

    /** Different values: {@code unique}. */
    final class Values implements Cell {
        private final String key;
        private final long expiry;
        private final Set<String> values = new HashSet<>();

        Values(String key, long expiry) {
            this.key = key;
            this.expiry = expiry;
        }

        /** Adds a value; says how many writes more its flush takes. */
        int add(String value) {
            return values.add(value) ? 1 : 0;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public long expiry() {
            return expiry;
        }

        @Override
        public int size() {
            return values.size();
        }

        @Override
        public void writeTo(CellWriter writer) {
            writer.values(key, expiry, values);
        }
    }

    /** Different values of each group: {@code unique} with {@code by}. */
    final class GroupValues implements Cell {
        private final MeasurePlan metric;
        private final String key;
        private final long expiry;
        private final Map<String, Set<String>> groups = new HashMap<>();
        private int size;

        GroupValues(MeasurePlan metric, String key, long expiry) {
            this.metric = metric;
            this.key = key;
            this.expiry = expiry;
        }

        /** Adds a value to a group; says how many writes more its flush takes. */
        int add(String group, String value) {
            Set<String> values = groups.get(group);
            if (values == null) {
                values = new SmallSet();
                groups.put(group, values);
            }
            int added = values.add(value) ? 1 : 0;
            size += added;
            return added;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public long expiry() {
            return expiry;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public void writeTo(CellWriter writer) {
            writer.groupValues(
                    key, expiry, groups, group -> StateKeys.groupSet(metric, key, group));
        }
    }
}
