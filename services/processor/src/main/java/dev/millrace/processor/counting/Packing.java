package dev.millrace.processor.counting;

import dev.millrace.pipeline.state.PackedEntries;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;

/**
 * When the cells of one granularity of one metric pack what they add, and the memory that they do
 * it in: large, and needed again by the next flush. For many threads.
 */
final class Packing<T extends PackedEntries> {
    /** About as many as a processor has partitions: each fills its own between two flushes. */
    private static final int SPARE = 8;

    private final int above;
    private final Supplier<T> make;
    private final Queue<T> spare = new ArrayBlockingQueue<>(SPARE);

    /**
     * Packing.
     *
     * @param above how many groups or values of a cell are written one by one
     */
    Packing(int above, Supplier<T> make) {
        this.above = above;
        this.make = make;
    }

    /** Whether so many groups or values are to be packed. */
    boolean isDue(int size) {
        return size > above;
    }

    /** Where to pack them. */
    T begin() {
        T entries = spare.poll();
        return entries == null ? make.get() : entries;
    }

    /** What was begun is not needed any more. */
    void end(T entries) {
        entries.clear();
        spare.offer(entries);
    }
}
