package dev.millrace.api.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Gives each name a small number, so that windows are added up in arrays rather than in maps. Finds
 * names by their bytes, as they come from Redis. Only grows; an array that was handed out stays
 * right.
 */
final class Names {
    private final boolean readable;
    private byte[][] keys = new byte[16][];
    private String[] texts = new String[16];
    private int size;

    /** Open addressing; numbers plus 1, so that 0 is free. At most half of it is taken. */
    private int[] table = new int[64];

    /**
     * No names yet.
     *
     * @param readable whether the names are wanted as text, rather than only counted
     */
    Names(boolean readable) {
        this.readable = readable;
    }

    /** The number of a name, a new one where it has none. */
    int index(byte[] bytes, int from, int to) {
        int mask = table.length - 1;
        int at = hash(bytes, from, to) & mask;
        while (table[at] != 0) {
            byte[] known = keys[table[at] - 1];
            if (Arrays.equals(known, 0, known.length, bytes, from, to)) {
                return table[at] - 1;
            }
            at = (at + 1) & mask;
        }
        return add(Arrays.copyOfRange(bytes, from, to), at);
    }

    private int add(byte[] key, int at) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            texts = readable ? Arrays.copyOf(texts, size * 2) : texts;
        }
        int index = size++;
        keys[index] = key;
        if (readable) {
            texts[index] = new String(key, UTF_8);
        }
        table[at] = index + 1;
        if (size * 2 > table.length) {
            rehash();
        }
        return index;
    }

    private void rehash() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int index = 0; index < size; index++) {
            int at = hash(keys[index], 0, keys[index].length) & mask;
            while (table[at] != 0) {
                at = (at + 1) & mask;
            }
            table[at] = index + 1;
        }
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        // numbers at the end of names shall not make long runs in the table
        hash *= 0x9E3779B9;
        return hash ^ hash >>> 15;
    }

    /** The names whose numbers are not 0 here, numbered anew in their order. */
    Names renumbered(int[] renumbering) {
        Names renumbered = new Names(readable);
        for (int old = 0; old < renumbering.length; old++) {
            if (renumbering[old] > 0) {
                renumbered.index(keys[old], 0, keys[old].length);
            }
        }
        return renumbered;
    }

    /** A name's bytes; not to be changed. */
    byte[] key(int index) {
        return keys[index];
    }

    String text(int index) {
        return texts[index];
    }

    /** The names by their numbers; not to be changed. */
    String[] texts() {
        return texts;
    }

    int size() {
        return size;
    }
}
