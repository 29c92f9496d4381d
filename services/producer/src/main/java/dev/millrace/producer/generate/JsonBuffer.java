package dev.millrace.producer.generate;

import java.util.Arrays;

/** Bytes of one JSON text that is being written. Used again for the next. */
final class JsonBuffer {
    private byte[] bytes = new byte[512];
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    void put(byte b) {
        reserve(1);
        bytes[length++] = b;
    }

    void put(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    /** Begins a member or element: a comma, unless it is the first one. */
    void separate() {
        byte last = length == 0 ? (byte) '{' : bytes[length - 1];
        if (last != '{' && last != '[') {
            put((byte) ',');
        }
    }

    /**
     * Writes a decimal number.
     *
     * @param scaled the number times ten to the power of {@code decimals}
     */
    void putDecimal(long scaled, int decimals) {
        reserve(24 + decimals);
        if (scaled < 0) {
            bytes[length++] = '-';
        }
        int digits = 1;
        for (long rest = scaled / 10; rest != 0; rest /= 10) {
            digits++;
        }
        digits = Math.max(digits, decimals + 1);
        int at = length + digits + (decimals > 0 ? 1 : 0);
        length = at;
        long rest = scaled;
        for (int i = 0; i < digits; i++) {
            if (i == decimals && decimals > 0) {
                bytes[--at] = '.';
            }
            bytes[--at] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        }
    }

    /** A copy of what was written, up to an end. */
    byte[] copy(int end) {
        return Arrays.copyOf(bytes, end);
    }

    /** Adds what was written to another one. */
    void put(JsonBuffer other) {
        reserve(other.length);
        System.arraycopy(other.bytes, 0, bytes, length, other.length);
        length += other.length;
    }

    /** A number for what was written. */
    long hash() {
        long hash = 1;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
