package dev.millrace.pipeline.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Parts of byte arrays eight bytes at a time, the first byte lowest. */
final class Words {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x80 * ONES;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;

    private static final VarHandle VIEW =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    /** Eight bytes; all of them must be there. */
    static long at(byte[] bytes, int at) {
        return (long) VIEW.get(bytes, at);
    }

    /**
     * Fewer than eight bytes, with zeros for the others.
     *
     * @param length 1 to 7
     */
    static long at(byte[] bytes, int at, int length) {
        int empty = Long.SIZE - Byte.SIZE * length;
        if (at + Long.BYTES <= bytes.length) {
            return at(bytes, at) << empty >>> empty;
        }
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << Byte.SIZE | bytes[at + i] & 0xff;
        }
        return word;
    }

    /**
     * Eight bytes, with zeros for those behind the end of the array.
     *
     * @param at a place within the array
     */
    static long upToEnd(byte[] bytes, int at) {
        return at + Long.BYTES <= bytes.length ? at(bytes, at) : at(bytes, at, bytes.length - at);
    }

    /**
     * Whether all of an array is at a place of another one.
     *
     * @param to where that ends
     */
    static boolean areAt(byte[] part, byte[] bytes, int from, int to) {
        int length = part.length;
        if (from + length > to) {
            return false;
        }
        if (length < Long.BYTES) {
            return length == 0 || at(part, 0, length) == at(bytes, from, length);
        }
        int last = length - Long.BYTES;
        for (int at = 0; at < last; at += Long.BYTES) {
            if (at(part, at) != at(bytes, from + at)) {
                return false;
            }
        }
        // The last eight, whether or not some of them were compared already.
        return at(part, last) == at(bytes, from + last);
    }

    /**
     * Marks what ends a plain text of ASCII: a quote, a backslash, what is below a space, or no
     * ASCII. The lowest marked byte is a true one, the others need not be.
     */
    static long ends(long word) {
        long quotes = word ^ QUOTES;
        long backslashes = word ^ BACKSLASHES;
        // Borrows only go upwards.
        return ((quotes - ONES & ~quotes)
                        | (backslashes - ONES & ~backslashes)
                        | (word - SPACES & ~word)
                        | word)
                & HIGH;
    }

    /** The bytes of a word below its first marked one, with zeros for the others. */
    static long below(long word, long marks) {
        return word & (((marks & -marks) >>> Byte.SIZE - 1) - 1);
    }
}
