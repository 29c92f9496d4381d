package dev.millrace.processor.deadletter;

import java.nio.ByteBuffer;

/** Bytes of buffers, which stay as they are. */
public final class Buffers {
    private Buffers() {}

    /** All bytes of a buffer; {@code null} of {@code null}. */
    public static byte[] bytes(ByteBuffer buffer) {
        return bytes(buffer, Integer.MAX_VALUE);
    }

    /** The first bytes of a buffer. */
    static byte[] bytes(ByteBuffer buffer, int most) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[Math.min(buffer.remaining(), most)];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
