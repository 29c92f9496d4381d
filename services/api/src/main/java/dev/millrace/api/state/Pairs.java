package dev.millrace.api.state;

/** A set of pairs of numbers from 0 on, of which there may be very many. For one thread. */
final class Pairs {
    /** Open addressing; pairs plus 1, so that 0 is free. At most half of it is taken. */
    private long[] table = new long[16];

    private int size;

    /** Adds a pair; says whether it is new. */
    boolean add(int one, int other) {
        long pair = pair(one, other);
        int at = place(table, pair);
        if (table[at] == pair) {
            return false;
        }
        table[at] = pair;
        size++;
        if (size * 2 > table.length) {
            grow();
        }
        return true;
    }

    /** Whether a pair is there. */
    boolean contains(int one, int other) {
        long pair = pair(one, other);
        return table[place(table, pair)] == pair;
    }

    private static long pair(int one, int other) {
        return ((long) one << Integer.SIZE | other) + 1;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long pair : table) {
            if (pair != 0) {
                larger[place(larger, pair)] = pair;
            }
        }
        table = larger;
    }

    /** Where a pair is, or belongs. */
    private static int place(long[] table, long pair) {
        int mask = table.length - 1;
        long mixed = pair * 0x9E37_79B9_7F4A_7C15L;
        int at = (int) (mixed >>> Integer.SIZE) & mask;
        while (table[at] != 0 && table[at] != pair) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
