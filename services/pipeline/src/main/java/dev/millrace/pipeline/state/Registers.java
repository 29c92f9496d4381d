package dev.millrace.pipeline.state;

import java.util.Arrays;

/** Reads and writes the registers of a {@link HyperLogLog}, as Redis keeps them. */
final class Registers {
    /** Bits of a register. */
    static final int RANK_BITS = 6;

    /** The largest number that a register can hold. */
    static final int RANK_MASK = (1 << RANK_BITS) - 1;

    private static final int HEADER = 16;
    private static final byte DENSE = 0;
    private static final byte SPARSE = 1;

    private Registers() {}

    /**
     * One byte for each register of a string of Redis.
     *
     * @throws IllegalArgumentException where it is none of a HyperLogLog
     */
    static byte[] ofRedis(byte[] string, int count) {
        if (string.length < HEADER
                || string[0] != 'H'
                || string[1] != 'Y'
                || string[2] != 'L'
                || string[3] != 'L') {
            throw new IllegalArgumentException("not a HyperLogLog of Redis");
        }
        byte[] body = Arrays.copyOfRange(string, HEADER, string.length);
        return switch (string[4]) {
            case DENSE -> unpacked(body, count);
            case SPARSE -> runs(body, count);
            default ->
                    throw new IllegalArgumentException("not a HyperLogLog that this version knows");
        };
    }

    /**
     * Runs of registers: 00LLLLLL of zeros, 01LLLLLL LLLLLLLL of many zeros, 1RRRRRLL of a rank.
     */
    private static byte[] runs(byte[] body, int count) {
        byte[] registers = new byte[count];
        int at = 0;
        for (int i = 0; i < body.length; i++) {
            int code = body[i] & 0xff;
            int rank = 0;
            int length;
            if (code >= 0x80) {
                rank = (code >> 2 & 0x1f) + 1;
                length = (code & 3) + 1;
            } else if (code < 0x40) {
                length = code + 1;
            } else if (++i < body.length) {
                length = ((code & 0x3f) << Byte.SIZE | body[i] & 0xff) + 1;
            } else {
                throw new IllegalArgumentException("a HyperLogLog that was cut");
            }
            if (at + length > registers.length) {
                throw new IllegalArgumentException("a HyperLogLog of too many registers");
            }
            Arrays.fill(registers, at, at + length, (byte) rank);
            at += length;
        }
        if (at != registers.length) {
            throw new IllegalArgumentException("a HyperLogLog of too few registers");
        }
        return registers;
    }

    /**
     * One byte for each register of six bits, the lowest first.
     *
     * @throws IllegalArgumentException where there are fewer
     */
    static byte[] unpacked(byte[] body, int count) {
        if (body.length < count * RANK_BITS / Byte.SIZE) {
            throw new IllegalArgumentException("a HyperLogLog of too few registers");
        }
        byte[] registers = new byte[count];
        for (int i = 0; i < count; i++) {
            int bit = i * RANK_BITS;
            int at = bit / Byte.SIZE;
            int two = body[at] & 0xff;
            if (at + 1 < body.length) {
                two |= (body[at + 1] & 0xff) << Byte.SIZE;
            }
            registers[i] = (byte) (two >> bit % Byte.SIZE & RANK_MASK);
        }
        return registers;
    }

    /** How many bytes so many registers take. */
    static int packedLength(int count) {
        return count * RANK_BITS / Byte.SIZE;
    }

    /** Six bits for each register, the lowest first; {@code to} holds zeros from there on. */
    static void pack(byte[] registers, byte[] to, int from) {
        for (int i = 0; i < registers.length; i++) {
            int bit = i * RANK_BITS;
            int two = registers[i] << bit % Byte.SIZE;
            to[from + bit / Byte.SIZE] |= (byte) two;
            if (two > 0xff) {
                to[from + 1 + bit / Byte.SIZE] |= (byte) (two >> Byte.SIZE);
            }
        }
    }
}
