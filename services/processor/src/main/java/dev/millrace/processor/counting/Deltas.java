package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.state.StateKeys;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** What the events of one partition since its last flush add to the state. For one thread. */
public final class Deltas {
    private final List<Cell> cells = new ArrayList<>();
    private final List<Map<Long, Cell>> byStart = new ArrayList<>();
    private final Cell[] recent;
    private final long[] recentStarts;
    private final long[] starts = new long[Granularity.values().length];
    private final Map<Cause, Long> rejected = new EnumMap<>(Cause.class);
    private final Deque<String> deadLetters = new ArrayDeque<>();
    private final int keptDeadLetters;
    private long valid;
    private int size;
    private int writes;

    /**
     * Nothing yet.
     *
     * @param slots how many (metric, granularity) pairs there are: the bucket last used of each is
     *     found without a look-up
     * @param keptDeadLetters how many of the newest dead letters are kept for showing
     */
    Deltas(int slots, int keptDeadLetters) {
        for (int slot = 0; slot < slots; slot++) {
            byStart.add(new HashMap<>());
        }
        this.recent = new Cell[slots];
        this.recentStarts = new long[slots];
        this.keptDeadLetters = keptDeadLetters;
    }

    /** Nothing yet, of dead letters, which are in no bucket. */
    public static Deltas ofLetters() {
        return new Deltas(0, StateKeys.RECENT_DEAD_LETTERS);
    }

    /** When the bucket begins that a time falls in; mostly that of the time before. */
    long start(Granularity granularity, long time) {
        long start = starts[granularity.ordinal()];
        if (time - start >= granularity.millis() || time < start) {
            start = granularity.start(time);
            starts[granularity.ordinal()] = start;
        }
        return start;
    }

    /** The cell of a bucket, made when it is not there. */
    Cell cell(int slot, long start, LongFunction<Cell> make) {
        Cell cell = recent[slot];
        if (cell == null || recentStarts[slot] != start) {
            cell = byStart.get(slot).get(start);
            if (cell == null) {
                cell = make.apply(start);
                byStart.get(slot).put(start, cell);
                cells.add(cell);
                size++;
                writes++;
            }
            recent[slot] = cell;
            recentStarts[slot] = start;
        }
        return cell;
    }

    /** Takes note that a cell has more to write than before. */
    void grow(Cell cell, int more) {
        if (more > 0) {
            size += more;
            if (!cell.isPacked()) {
                writes += more;
            }
        }
    }

    void countValid() {
        valid++;
    }

    /** Notes an event that does not count, and how it is to be shown. */
    public void reject(Cause cause, String shown) {
        rejected.merge(cause, 1L, Long::sum);
        size++;
        writes++;
        deadLetters.addFirst(shown);
        if (deadLetters.size() > keptDeadLetters) {
            deadLetters.removeLast();
        }
    }

    /** What is to be added to buckets. */
    public Collection<Cell> cells() {
        return cells;
    }

    /** Hands over what is to be added to buckets, and forgets it. */
    public void writeTo(CellWriter writer) {
        cells.forEach(cell -> cell.writeTo(writer));
        cells.clear();
        byStart.clear();
        Arrays.fill(recent, null);
    }

    /** How many events counted. */
    public long valid() {
        return valid;
    }

    /** How many events did not count, by cause. */
    public Map<Cause, Long> rejected() {
        return rejected;
    }

    /** The newest events that did not count, newest first. */
    public Collection<String> deadLetters() {
        return deadLetters;
    }

    /** How many numbers and values there are in memory, about. */
    public int size() {
        return size;
    }

    /** About how many writes a flush takes. */
    public int writes() {
        return writes;
    }
}
