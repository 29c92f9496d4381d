package dev.millrace.pipeline.state;

import java.nio.charset.StandardCharsets;

/**
 * Reads the packed part of a bucket, {@link StateKeys#packed}: a head of {@value #HEAD} bytes that
 * changes whenever the bucket is packed anew, then entries in the order in which they were added.
 * An entry may come many times: numbers of a group are to be added up, values are the same.
 *
 * <ul>
 *   <li>{@code count}, {@code sum} with {@code by}: group, number
 *   <li>{@code unique}: value
 *   <li>{@code unique} with {@code by}: group, how many values, each value
 * </ul>
 *
 * Bytes that are nothing of that kind are refused by an {@link IllegalArgumentException}. For one
 * thread.
 */
public final class PackedReader {
    /** How many bytes stand before the entries. */
    public static final int HEAD = 16;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int from;

    /**
     * A reader of entries.
     *
     * @param at where the first one begins
     */
    public PackedReader(byte[] bytes, int at) {
        this(bytes, at, bytes.length);
    }

    /** A reader of entries up to some end. */
    PackedReader(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    /** The bytes end within an entry. */
    private static final class CutException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        CutException(int at) {
            super("not packed by Millrace: an entry is cut at byte " + at);
        }
    }

    /**
     * Reads entries up to the end of the bytes.
     *
     * @param entry reads one; of one that is cut it may keep only what reading it again does not
     *     change
     * @return where an entry begins that is cut; the number of bytes where none is
     */
    public int entries(Runnable entry) {
        int whole = at;
        try {
            while (hasNext()) {
                entry.run();
                whole = at;
            }
        } catch (CutException _) {
            at = whole;
        }
        return whole;
    }

    /** Whether there are more entries. */
    public boolean hasNext() {
        return at < end;
    }

    /** Reads a text, which is then from {@link #from()} to {@link #to()}. */
    public void text() {
        long length = unsigned();
        if (length < 0) {
            throw malformed();
        }
        if (length > end - at) {
            throw new CutException(at);
        }
        from = at;
        at += (int) length;
    }

    /** Reads a text as a String. */
    String string() {
        text();
        return new String(bytes, from, at - from, StandardCharsets.UTF_8);
    }

    /** Where the text begins that was read last. */
    public int from() {
        return from;
    }

    /** Where the text ends that was read last: as long as nothing else was read. */
    public int to() {
        return at;
    }

    /** Reads a number. */
    public long number() {
        long number = unsigned();
        return number >>> 1 ^ -(number & 1);
    }

    private long unsigned() {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) {
                throw new CutException(at);
            }
            byte next = bytes[at++];
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw malformed();
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException("not packed by Millrace, at byte " + at);
    }
}
