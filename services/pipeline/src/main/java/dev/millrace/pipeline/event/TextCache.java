package dev.millrace.pipeline.event;

import java.util.Arrays;

/**
 * Gives texts of ASCII bytes, mostly the same String for the same bytes: values repeat from event
 * to event, and a String that is there already needs no memory and knows its hash. Bounded; what is
 * pushed out is made anew. Safe for use by many threads without a lock: entries never change, and
 * one that is lost costs only time.
 */
final class TextCache {
    private static final int BITS = 14;

    /** How many texts it knows at most. */
    static final int SIZE = 1 << BITS;

    private static final int LONGEST = 128;

    /** Of so many values that are not there, one takes the place of another. */
    private static final int REPLACED = 8;

    private static final long FIRST = 0x9e37_79b9_7f4a_7c15L;
    private static final long SECOND = 0xbf58_476d_1ce4_e5b9L;
    private static final byte[] NO_BYTES = {};

    private final KnownText[] entries = new KnownText[SIZE];
    private int misses;
    private int numbered;

    /** A text. */
    sealed interface Text permits KnownText, PlainText {
        /** How many bytes it has. */
        int length();
    }

    /**
     * The text from a place to the next quote.
     *
     * @param to where the event ends; there may be anything behind it
     * @return {@code null} where it has an escape or no ASCII before that, where there is no quote,
     *     or where it is longer than what is kept
     */
    Text at(byte[] bytes, int from, int to) {
        long first = Words.upToEnd(bytes, from);
        long ends = Words.ends(first);
        if (ends != 0) {
            return shortText(bytes, from, to, end(from, ends), Words.below(first, ends), 0);
        }
        int at = from + Long.BYTES;
        long second = Words.upToEnd(bytes, at);
        ends = Words.ends(second);
        return ends != 0
                ? shortText(bytes, from, to, end(at, ends), first, Words.below(second, ends))
                : longText(bytes, from, to, first, second);
    }

    private static int end(int at, long ends) {
        return at + Long.numberOfTrailingZeros(ends) / Byte.SIZE;
    }

    /** A text of fewer than 16 bytes, as most are. */
    private Text shortText(byte[] bytes, int from, int to, int end, long first, long second) {
        if (end >= to || bytes[end] != '"') {
            return null;
        }
        int slot = slot(first * FIRST ^ second * SECOND);
        KnownText one = entries[slot];
        if (one != null && one.isShort(first, second, end - from)) {
            return one;
        }
        KnownText other = entries[slot ^ 1];
        if (other != null && other.isShort(first, second, end - from)) {
            return other;
        }
        PlainText text = new PlainText(bytes, from, end);
        if (isKept(one, other)) {
            keep(slot, text, first, second, 0, 0, NO_BYTES);
        }
        return text;
    }

    private Text longText(byte[] bytes, int from, int to, long first, long second) {
        int at = from + 2 * Long.BYTES;
        if (at >= to) {
            return null;
        }
        long third = Words.upToEnd(bytes, at);
        long ends = Words.ends(third);
        long fourth = 0;
        long more = 0;
        if (ends != 0) {
            third = Words.below(third, ends);
        } else {
            at += Long.BYTES;
            if (at >= to) {
                return null;
            }
            fourth = Words.upToEnd(bytes, at);
            ends = Words.ends(fourth);
            if (ends != 0) {
                fourth = Words.below(fourth, ends);
            }
        }
        while (ends == 0) {
            at += Long.BYTES;
            if (at - from > LONGEST || at >= to) {
                return null;
            }
            long word = Words.upToEnd(bytes, at);
            ends = Words.ends(word);
            more = mix(more ^ (ends == 0 ? word : Words.below(word, ends)));
        }
        int end = end(at, ends);
        if (end >= to || bytes[end] != '"') {
            return null;
        }
        int slot =
                slot(
                        first * FIRST
                                ^ second * SECOND
                                ^ third * 0x94d0_49bb_1331_11ebL
                                ^ fourth * 0xd6e8_feb8_6659_fd93L
                                ^ more);
        KnownText one = entries[slot];
        if (one != null && one.is(first, second, third, fourth, bytes, from, end)) {
            return one;
        }
        KnownText other = entries[slot ^ 1];
        if (other != null && other.is(first, second, third, fourth, bytes, from, end)) {
            return other;
        }
        PlainText text = new PlainText(bytes, from, end);
        if (isKept(one, other)) {
            int behind = from + 4 * Long.BYTES;
            byte[] rest = end > behind ? Arrays.copyOfRange(bytes, behind, end) : NO_BYTES;
            keep(slot, text, first, second, third, fourth, rest);
        }
        return text;
    }

    /** Whether a text is kept that neither of the two is in whose places it may be. */
    private boolean isKept(KnownText one, KnownText other) {
        return one == null || other == null || ++misses % REPLACED == 0;
    }

    private void keep(
            int slot,
            PlainText text,
            long first,
            long second,
            long third,
            long fourth,
            byte[] rest) {
        int place = entries[slot] == null ? slot : slot ^ 1;
        KnownText before = entries[place];
        int number = before == null ? numbered++ : before.number();
        entries[place] = new KnownText(text.toString(), number, first, second, third, fourth, rest);
    }

    private static int slot(long hash) {
        return (int) (mix(hash) >>> (Long.SIZE - BITS));
    }

    private static long mix(long hash) {
        long product = (hash ^ hash >>> 32) * 0x9e37_79b9_7f4a_7c15L;
        return product ^ product >>> 32;
    }
}
