package dev.millrace.pipeline.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gives texts of ASCII bytes, mostly the same String for the same bytes: values repeat from event
 * to event, and a String that is there already needs no memory and knows its hash. Bounded; what is
 * pushed out is made anew. Safe for use by many threads without a lock: entries never change, and
 * one that is lost costs only time.
 */
final class TextCache {
    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;
    private static final int BITS = 14;
    private static final int LONGEST = 64;

    /** Of so many values that are not there, one takes the place of another. */
    private static final int REPLACED = 8;

    private final Entry[] entries = new Entry[1 << BITS];
    private int misses;

    /** A text, its bytes and their hash. */
    private static final class Entry {
        private final long hash;
        private final byte[] bytes;
        private final String text;

        Entry(long hash, byte[] bytes, int from, int to, String text) {
            this.hash = hash;
            this.bytes = Arrays.copyOfRange(bytes, from, to);
            this.text = text;
        }

        boolean is(long otherHash, byte[] other, int from, int to) {
            return hash == otherHash
                    && bytes.length == to - from
                    && Words.areAt(bytes, other, from);
        }
    }

    /** The text of a part of an array, all of it ASCII. */
    String text(byte[] bytes, int from, int to) {
        if (to - from > LONGEST) {
            return ascii(bytes, from, to);
        }
        long hash = hash(bytes, from, to);
        int slot = (int) (hash >>> (Long.SIZE - BITS));
        Entry first = entries[slot];
        if (first != null && first.is(hash, bytes, from, to)) {
            return first.text;
        }
        Entry second = entries[slot ^ 1];
        if (second != null && second.is(hash, bytes, from, to)) {
            return second.text;
        }
        String text = ascii(bytes, from, to);
        if (first == null || second == null || ++misses % REPLACED == 0) {
            Entry entry = new Entry(hash, bytes, from, to, text);
            entries[first == null ? slot : slot ^ 1] = entry;
        }
        return text;
    }

    private static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static long hash(byte[] bytes, int from, int to) {
        long hash = to - from;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = mix(hash ^ Words.at(bytes, at));
        }
        if (at < to) {
            hash = mix(hash ^ Words.at(bytes, at, to - at));
        }
        return hash * ODD;
    }

    private static long mix(long hash) {
        long product = hash * ODD;
        return product ^ product >>> 32;
    }
}
