package dev.millrace.pipeline.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Parts of byte arrays eight bytes at a time, the first byte lowest. */
final class Words {
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

    /** Whether all of an array is at a place of another one. */
    static boolean areAt(byte[] part, byte[] bytes, int from) {
        int length = part.length;
        if (from + length > bytes.length) {
            return false;
        }
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            if (at(part, at) != at(bytes, from + at)) {
                return false;
            }
        }
        return at == length || at(part, at, length - at) == at(bytes, from + at, length - at);
    }
}
