package dev.millrace.pipeline.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Different texts, numbered in the order in which they came. Their bytes stand one behind the other
 * rather than as objects, for there may be hundreds of thousands: that takes a fifth of the memory,
 * and nothing for a garbage collector to follow. For one thread.
 */
final class Texts {
    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private static final int PIECE = 1 << 15;

    private byte[] pool = new byte[1 << 14];
    private int[] ends = new int[1 << 10];
    private int size;

    /**
     * Open addressing, at most half of it taken. The lower bits of an entry, as many as number its
     * places, are the text's number plus 1, so that 0 is free; the others are of its hash. Only
     * texts of the same bits are looked at: each is somewhere else in memory.
     */
    private int[] table = new int[1 << 11];

    /** The number of a text; a new one, the former size, where it has none. */
    int index(byte[] bytes, int from, int to) {
        int mask = table.length - 1;
        int hash = hash(bytes, from, to);
        int at = hash & mask;
        int found;
        while ((found = table[at]) != 0) {
            int index = (found & mask) - 1;
            if (((found ^ hash) & ~mask) == 0
                    && Arrays.equals(pool, start(index), ends[index], bytes, from, to)) {
                return index;
            }
            at = (at + 1) & mask;
        }
        add(bytes, from, to);
        table[at] = hash & ~mask | size;
        if (size * 2 > mask) {
            rehash();
        }
        return size - 1;
    }

    private void add(byte[] bytes, int from, int to) {
        int start = size == 0 ? 0 : ends[size - 1];
        int end = Math.addExact(start, to - from);
        if (end > pool.length) {
            pool = Arrays.copyOf(pool, larger(pool.length, end));
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size * 2);
        }
        System.arraycopy(bytes, from, pool, start, to - from);
        ends[size++] = end;
    }

    private static int larger(int length, int least) {
        return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(length * 3L / 2, least));
    }

    private void rehash() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int index = 0; index < size; index++) {
            int hash = hash(pool, start(index), ends[index]);
            int at = hash & mask;
            while (table[at] != 0) {
                at = (at + 1) & mask;
            }
            table[at] = hash & ~mask | index + 1;
        }
    }

    private static int hash(byte[] bytes, int from, int to) {
        long hash = to - from;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = (hash ^ (long) WORD.get(bytes, at)) * MIX;
            hash ^= hash >>> 32;
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = rest << 8 | bytes[at] & 0xff;
        }
        hash = (hash ^ rest) * MIX;
        return (int) (hash >>> 32);
    }

    /** Forgets all of them, but not the memory they had. */
    void clear() {
        Arrays.fill(table, 0);
        size = 0;
    }

    /** How many there are. */
    int size() {
        return size;
    }

    /** Gives the bytes of all texts, one behind the other, piece by piece. */
    void write(Consumer<byte[]> taker) {
        int end = length();
        for (int at = 0; at < end; at += PIECE) {
            taker.accept(Arrays.copyOfRange(pool, at, Math.min(end, at + PIECE)));
        }
    }

    /** A reader of the same, as long as nothing is added. */
    PackedReader reader() {
        return new PackedReader(pool, 0, length());
    }

    private int length() {
        return size == 0 ? 0 : ends[size - 1];
    }

    /** What holds all texts' bytes; not to be changed. */
    byte[] pool() {
        return pool;
    }

    /** Where a text begins in {@link #pool}. */
    int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** Where a text ends in {@link #pool}. */
    int end(int index) {
        return ends[index];
    }

    /** A text. */
    String text(int index) {
        return new String(pool, start(index), end(index) - start(index), StandardCharsets.UTF_8);
    }
}
