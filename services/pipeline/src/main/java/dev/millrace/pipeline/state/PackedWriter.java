package dev.millrace.pipeline.state;

import java.util.Arrays;

/** Writes texts and numbers one behind the other, as {@link PackedReader} reads them. */
final class PackedWriter {
    /** At most so many bytes stand for a number. */
    private static final int NUMBER = 10;

    private byte[] bytes;
    private int size;

    /**
     * Nothing yet.
     *
     * @param expected how many bytes there will be, about
     */
    PackedWriter(int expected) {
        this.bytes = new byte[Math.max(expected, 1 << 6)];
    }

    PackedWriter text(byte[] from, int start, int end) {
        int length = end - start;
        reserve(length + NUMBER);
        unsigned(length);
        System.arraycopy(from, start, bytes, size, length);
        size += length;
        return this;
    }

    PackedWriter number(long number) {
        reserve(NUMBER);
        unsigned(number << 1 ^ number >> 63);
        return this;
    }

    /** Seven bits a byte, the lowest first; the highest bit says that more follow. */
    private void unsigned(long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes =
                    Arrays.copyOf(
                            bytes, (int) Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length + more));
        }
    }

    /** Begins anew, in the same memory. */
    PackedWriter clear() {
        size = 0;
        return this;
    }

    /** What holds the bytes, up to {@link #size}; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }
}
