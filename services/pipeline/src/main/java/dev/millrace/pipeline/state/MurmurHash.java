package dev.millrace.pipeline.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** MurmurHash64A with the seed that Redis takes for its HyperLogLogs. */
final class MurmurHash {
    private static final long SEED = 0xadc83b19L;
    private static final long MULTIPLIER = 0xc6a4a7935bd1e995L;

    private MurmurHash() {}

    static long hash(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long hash = SEED ^ bytes.length * MULTIPLIER;
        while (buffer.remaining() >= Long.BYTES) {
            hash = (hash ^ mixed(buffer.getLong() * MULTIPLIER) * MULTIPLIER) * MULTIPLIER;
        }
        if (buffer.hasRemaining()) {
            long rest = 0;
            for (int shift = 0; buffer.hasRemaining(); shift += Byte.SIZE) {
                rest |= (buffer.get() & 0xffL) << shift;
            }
            hash = (hash ^ rest) * MULTIPLIER;
        }
        return mixed(mixed(hash) * MULTIPLIER);
    }

    private static long mixed(long number) {
        return number ^ number >>> 47;
    }
}
