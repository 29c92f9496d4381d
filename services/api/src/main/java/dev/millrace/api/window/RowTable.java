package dev.millrace.api.window;

import dev.millrace.api.place.HexGrid;
import dev.millrace.api.place.Place;
import dev.millrace.pipeline.plan.Fence;
import dev.millrace.pipeline.plan.LatestPlan;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.Row;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The rows of {@code latest} as of one flush. Immutable. */
public final class RowTable implements Detail {
    private static final Comparator<Entry> NEWEST_FIRST =
            Comparator.comparingLong((Entry entry) -> entry.row().time())
                    .reversed()
                    .thenComparing(Entry::key);

    private final Entry[] entries;
    private final LatestPlan plan;
    private final long dropped;
    private final Ages ages;
    private final Ranking values;
    private final List<FenceCount> fences;
    private Ranking cells;
    private Entry[] sorted;

    /** A row, its key, and where it is. */
    public record Entry(String key, Row row, Place place) {}

    /**
     * Which rows are asked for.
     *
     * @param value only those in this state; {@code null}: in any
     * @param fence only those in the fence of this index; negative: anywhere
     */
    public record Choice(String value, int fence) {
        /** Every row. */
        public static final Choice ALL = new Choice(null, -1);

        boolean takes(Entry entry) {
            return (value == null || value.equals(entry.row().value()))
                    && (fence < 0 || entry.place().isIn(fence));
        }
    }

    /**
     * The rows in a fence.
     *
     * @param size how many there are
     * @param values how many of them are in each state, the most frequent first
     */
    public record FenceCount(Fence fence, long size, Ranking values) {}

    /** Rows of one value. */
    private static final class Begins {
        private long[] times = new long[8];
        private int size;
        private int[] inside;

        void add(Entry entry) {
            add(entry.row().begin());
            for (long left = entry.place().fences(); left != 0; left &= left - 1) {
                if (inside == null) {
                    inside = new int[Fence.MOST];
                }
                inside[Long.numberOfTrailingZeros(left)]++;
            }
        }

        int inside(int fence) {
            return inside == null ? 0 : inside[fence];
        }

        private void add(long time) {
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
     * @param plan how many rows are kept at most, and the fences that they were located in
     * @param dropped how many were dropped to keep it
     */
    public RowTable(Collection<Entry> rows, LatestPlan plan, long dropped) {
        this.entries = rows.toArray(Entry[]::new);
        this.plan = plan;
        this.dropped = dropped;
        Begins all = new Begins();
        Map<String, Begins> byValue = new LinkedHashMap<>();
        for (Entry entry : entries) {
            all.add(entry);
            byValue.computeIfAbsent(entry.row().value(), any -> new Begins()).add(entry);
        }
        this.ages = entries.length == 0 ? null : Ages.of(all.sorted());
        String[] names = byValue.keySet().stream().map(GroupKey::of).toArray(String[]::new);
        List<Begins> begins = List.copyOf(byValue.values());
        this.values = values(names, begins);
        this.fences =
                IntStream.range(0, plan.fences().size())
                        .mapToObj(
                                i ->
                                        new FenceCount(
                                                plan.fences().get(i),
                                                all.inside(i),
                                                inside(names, begins, i)))
                        .toList();
    }

    private static Ranking inside(String[] names, List<Begins> begins, int fence) {
        int[] groups =
                IntStream.range(0, names.length)
                        .filter(i -> begins.get(i).inside(fence) > 0)
                        .toArray();
        return new Ranking(
                names, groups, new GroupCounts(group -> begins.get(group).inside(fence)), null);
    }

    private static Ranking values(String[] names, List<Begins> begins) {
        int[] groups = IntStream.range(0, names.length).toArray();
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
        return plan.rows();
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

    /** How many rows are in each fence, in the manifest's order. */
    public List<FenceCount> fences() {
        return fences;
    }

    /**
     * How many rows are in each cell of the grid, by the cells' texts. Counted when somebody first
     * asks.
     */
    public synchronized Ranking cells() {
        if (cells == null) {
            Map<Long, Integer> rows = new HashMap<>();
            for (Entry entry : entries) {
                if (entry.place().cell() != 0) {
                    rows.merge(entry.place().cell(), 1, Integer::sum);
                }
            }
            String[] names = rows.keySet().stream().map(HexGrid::text).toArray(String[]::new);
            int[] counts = rows.values().stream().mapToInt(Integer::intValue).toArray();
            int[] groups = IntStream.range(0, names.length).toArray();
            cells = new Ranking(names, groups, new GroupCounts(group -> counts[group]), null);
        }
        return cells;
    }

    /** How many rows have a position. */
    public int located() {
        return (int)
                Arrays.stream(entries).filter(entry -> entry.row().longitude() != null).count();
    }

    /** How many rows are chosen. */
    public int size(Choice choice) {
        return (int) Arrays.stream(entries).filter(choice::takes).count();
    }

    /**
     * Rows, those of the newest events first, and of one time by their keys.
     *
     * @param offset how many are left out before
     */
    public List<Entry> page(Choice choice, long offset, int most) {
        return Arrays.stream(sorted()).filter(choice::takes).skip(offset).limit(most).toList();
    }

    /** Sorted when somebody first asks for rows. */
    private synchronized Entry[] sorted() {
        if (sorted == null) {
            // a copy, for others may be going through the entries
            sorted = entries.clone();
            Arrays.sort(sorted, NEWEST_FIRST);
        }
        return sorted;
    }
}
