package dev.millrace.api.window;

import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.Row;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of {@code latest} as of one flush. Immutable. */
public final class RowTable implements Detail {
    private static final Comparator<Entry> NEWEST_FIRST =
            Comparator.comparingLong((Entry entry) -> entry.row().time())
                    .reversed()
                    .thenComparing(Entry::key);

    private final Entry[] entries;
    private final int limit;
    private final long dropped;
    private final Ages ages;
    private final Ranking values;
    private boolean sorted;

    /** A row and its key. */
    public record Entry(String key, Row row) {}

    /** Rows of one value. */
    private static final class Begins {
        private long[] times = new long[8];
        private int size;

        void add(long time) {
            if (size == times.length) {
                times = Arrays.copyOf(times, size * 2);
            }
            times[size++] = time;
        }

        long[] sorted() {
            long[] all = Arrays.copyOf(times, size);
            Arrays.sort(all);
            return all;
        }
    }

    /**
     * A table of rows.
     *
     * @param limit how many rows are kept at most
     * @param dropped how many were dropped to keep it
     */
    public RowTable(Collection<Entry> rows, int limit, long dropped) {
        this.entries = rows.toArray(Entry[]::new);
        this.limit = limit;
        this.dropped = dropped;
        Begins all = new Begins();
        Map<String, Begins> byValue = new LinkedHashMap<>();
        for (Entry entry : entries) {
            all.add(entry.row().begin());
            byValue.computeIfAbsent(entry.row().value(), any -> new Begins())
                    .add(entry.row().begin());
        }
        this.ages = entries.length == 0 ? null : Ages.of(all.sorted());
        this.values = ranking(byValue);
    }

    private static Ranking ranking(Map<String, Begins> byValue) {
        String[] names = byValue.keySet().stream().map(GroupKey::of).toArray(String[]::new);
        int[] groups = new int[names.length];
        Arrays.setAll(groups, i -> i);
        List<Begins> begins = List.copyOf(byValue.values());
        return new Ranking(
                names,
                groups,
                new GroupNumbers() {
                    @Override
                    public Number value(int group) {
                        return (long) begins.get(group).size;
                    }

                    @Override
                    public int compare(int a, int b) {
                        return Integer.compare(begins.get(a).size, begins.get(b).size);
                    }

                    @Override
                    public Detail detail(int group) {
                        return Ages.of(begins.get(group).sorted());
                    }
                },
                null);
    }

    /** How many rows there are. */
    public int size() {
        return entries.length;
    }

    /** How many rows are kept at most. */
    public int limit() {
        return limit;
    }

    /** How many rows were dropped to keep the limit. */
    public long dropped() {
        return dropped;
    }

    /** How long all rows have been in their states; {@code null} where there is none. */
    public Ages ages() {
        return ages;
    }

    /** How many rows there are of each value, with their ages. */
    public Ranking values() {
        return values;
    }

    /** How many rows have a value. */
    public int size(String value) {
        return (int) Arrays.stream(entries).filter(entry -> has(entry, value)).count();
    }

    /**
     * Rows, those of the newest events first, and of one time by their keys.
     *
     * @param value only rows in this state; {@code null}: all
     * @param offset how many are left out before
     */
    public List<Entry> page(String value, long offset, int most) {
        return Arrays.stream(sorted())
                .filter(entry -> value == null || has(entry, value))
                .skip(offset)
                .limit(most)
                .toList();
    }

    private static boolean has(Entry entry, String value) {
        return value.equals(entry.row().value());
    }

    /** Sorted when somebody first asks for rows. */
    private synchronized Entry[] sorted() {
        if (!sorted) {
            Arrays.sort(entries, NEWEST_FIRST);
            sorted = true;
        }
        return entries;
    }
}
