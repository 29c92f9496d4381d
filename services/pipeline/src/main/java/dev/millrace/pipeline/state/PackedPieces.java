package dev.millrace.pipeline.state;

import java.util.Arrays;
import java.util.function.ToIntFunction;

/**
 * Reads the packed part of a bucket in pieces. Answers of many megabytes would take several times
 * their size in a client's buffers, and keep Redis from answering others.
 */
public final class PackedPieces {
    /** How many bytes are read at a time: more only where an entry is longer. */
    public static final int BYTES = 1 << 20;

    private static final int LONGEST_ENTRY = 64 << 20;

    private PackedPieces() {}

    /**
     * Gives some bytes of the packed part, as {@code GETRANGE} does.
     *
     * @param <E> what it fails with
     */
    @FunctionalInterface
    public interface Range<E extends Exception> {
        /** The bytes from the first to the last of these numbers, as far as they are there. */
        byte[] read(long first, long last) throws E;
    }

    /**
     * Reads entries up to the end.
     *
     * @param from where the first one begins
     * @param taker takes the entries of a piece, and says where in it one begins that is cut, as
     *     {@link PackedEntries#add} does
     * @return where the end is
     * @throws IllegalArgumentException where Millrace did not write it
     */
    public static <E extends Exception> long read(
            long from, Range<E> range, ToIntFunction<byte[]> taker) throws E {
        long at = from;
        int longest = BYTES;
        while (true) {
            byte[] piece = range.read(at, at + longest - 1);
            int whole = taker.applyAsInt(piece);
            at += whole;
            if (piece.length < longest) {
                if (whole < piece.length) {
                    throw new IllegalArgumentException(
                            "not packed by Millrace: an entry at byte " + at + " is cut");
                }
                return at;
            }
            if (whole > 0) {
                longest = BYTES;
            } else if (longest == LONGEST_ENTRY) {
                throw new IllegalArgumentException(
                        "not packed by Millrace: an entry at byte " + at + " is too long");
            } else {
                longest *= 2;
            }
        }
    }

    /**
     * Reads a packed part that begins with a head.
     *
     * @param <E> what it fails with
     */
    @FunctionalInterface
    public interface Reading<E extends Exception> {
        /**
         * Reads it.
         *
         * @param head nothing where there is no packed part
         */
        void read(byte[] head) throws E;
    }

    /**
     * Reads a packed part as it is at one time: once more where it was packed anew meanwhile.
     *
     * @throws IllegalArgumentException where Millrace did not write it
     */
    public static <E extends Exception> void atOneTime(Range<E> range, Reading<E> reading)
            throws E {
        byte[] head = head(range);
        while (true) {
            IllegalArgumentException malformed = null;
            try {
                reading.read(head);
            } catch (IllegalArgumentException e) {
                malformed = e;
            }
            byte[] after = head(range);
            if (!Arrays.equals(head, after)) {
                head = after;
            } else if (malformed != null) {
                throw malformed;
            } else {
                return;
            }
        }
    }

    /**
     * Reads all entries as they are at one time.
     *
     * @throws IllegalArgumentException where Millrace did not write them
     */
    public static <E extends Exception> void readAll(PackedEntries entries, Range<E> range)
            throws E {
        atOneTime(
                range,
                head -> {
                    entries.clear();
                    if (head.length > 0) {
                        read(head.length, range, piece -> entries.add(piece, 0));
                    }
                });
    }

    /**
     * What a packed part begins with; nothing where there is none.
     *
     * @throws IllegalArgumentException where it is shorter than any head
     */
    public static <E extends Exception> byte[] head(Range<E> range) throws E {
        byte[] head = range.read(0, PackedReader.HEAD - 1);
        if (head.length > 0 && head.length < PackedReader.HEAD) {
            throw new IllegalArgumentException("not packed by Millrace: shorter than its head");
        }
        return head;
    }
}
