package dev.millrace.pipeline.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many different values there are, about: the registers of a HyperLogLog, the same as Redis's
 * PFADD makes of the same values, with the same estimate as its PFCOUNT. Of the values themselves
 * nothing is kept, and each register only grows, so several can be put together in any order.
 * Immutable.
 */
public final class HyperLogLog {
    /** Registers of what Redis keeps, as a power of 2: 16,384. */
    public static final int WHOLE = 14;

    /** Registers of a smaller one that can be made of it, as a power of 2: 2,048. */
    public static final int SMALL = 11;

    /** No value. */
    public static final HyperLogLog EMPTY = new HyperLogLog(WHOLE, new byte[1 << WHOLE]);

    private static final int HASH_BITS = 64;
    private static final int RANK_BITS = Registers.RANK_BITS;
    private static final int RANK_MASK = Registers.RANK_MASK;
    private static final int SPARSE_MARK = 0x40;

    /** Above that, one byte for each register takes no more memory. */
    private static final int MOST_ENTRIES = 2_048;

    private final int bits;

    /** Registers that are not 0, as {@code index << 6 | rank} in order; {@code null} for dense. */
    private final int[] entries;

    /** All registers; {@code null} where there are few that are not 0. */
    private final byte[] dense;

    private long estimate = -1;

    private HyperLogLog(int bits, byte[] registers) {
        this.bits = bits;
        int found = 0;
        for (byte rank : registers) {
            found += rank == 0 ? 0 : 1;
        }
        if (found * Integer.BYTES > registers.length || found > MOST_ENTRIES) {
            this.dense = registers;
            this.entries = null;
            return;
        }
        this.dense = null;
        this.entries = new int[found];
        int next = 0;
        for (int i = 0; i < registers.length; i++) {
            if (registers[i] != 0) {
                entries[next++] = i << RANK_BITS | registers[i];
            }
        }
    }

    /** Makes one of values. For one thread. */
    public static final class Builder {
        /** So many registers take less memory one by one. */
        private static final int FEW = 200;

        private final Map<Integer, Byte> few = new HashMap<>(4);

        /** All registers, once there are many that are not 0. */
        private byte[] registers;

        /** Adds a value; says whether that made a difference. */
        public boolean add(String value) {
            long place = place(value);
            int index = index(place);
            byte rank = (byte) rank(place);
            byte known = registers == null ? few.getOrDefault(index, (byte) 0) : registers[index];
            if (known >= rank) {
                return false;
            }
            if (registers != null) {
                registers[index] = rank;
            } else {
                few.put(index, rank);
                if (few.size() > FEW) {
                    registers = all();
                    few.clear();
                }
            }
            return true;
        }

        private byte[] all() {
            byte[] all = new byte[1 << WHOLE];
            few.forEach((index, rank) -> all[index] = rank);
            return all;
        }

        /** What was added so far. */
        public HyperLogLog build() {
            return new HyperLogLog(WHOLE, registers == null ? all() : registers.clone());
        }
    }

    /** One of some values. */
    public static HyperLogLog of(Collection<String> values) {
        Builder builder = new Builder();
        values.forEach(builder::add);
        return builder.build();
    }

    /** The register of a value, and the rank that it gives it: {@link #index}, {@link #rank}. */
    public static long place(String value) {
        long hash = MurmurHash.hash(value.getBytes(StandardCharsets.UTF_8));
        long index = hash & (1 << WHOLE) - 1;
        long rest = hash >>> WHOLE | 1L << HASH_BITS - WHOLE;
        return index << RANK_BITS | Long.numberOfTrailingZeros(rest) + 1;
    }

    /** Which register a {@linkplain #place place} is. */
    public static int index(long place) {
        return (int) (place >> RANK_BITS);
    }

    /** Which rank the register gets at least. */
    public static int rank(long place) {
        return (int) place & RANK_MASK;
    }

    /**
     * Reads the string that Redis keeps.
     *
     * @throws IllegalArgumentException where it is none of a HyperLogLog
     */
    public static HyperLogLog ofRedis(byte[] string) {
        return new HyperLogLog(WHOLE, Registers.ofRedis(string, 1 << WHOLE));
    }

    /** In few bytes, for {@link #ofBytes}. */
    public byte[] toBytes() {
        int packed = Registers.packedLength(1 << bits);
        if (entries != null && entries.length * 3 < packed) {
            ByteBuffer bytes = ByteBuffer.allocate(1 + entries.length * 3);
            bytes.put((byte) (bits | SPARSE_MARK));
            for (int entry : entries) {
                bytes.put((byte) (entry >> 16)).putShort((short) entry);
            }
            return bytes.array();
        }
        byte[] bytes = new byte[1 + packed];
        bytes[0] = (byte) bits;
        Registers.pack(registers(), bytes, 1);
        return bytes;
    }

    /**
     * Reads what {@link #toBytes} made.
     *
     * @throws IllegalArgumentException for other bytes
     */
    public static HyperLogLog ofBytes(byte[] bytes) {
        int bits = bytes.length == 0 ? 0 : bytes[0] & ~SPARSE_MARK;
        if (bits != WHOLE && bits != SMALL) {
            throw new IllegalArgumentException("not a HyperLogLog");
        }
        if ((bytes[0] & SPARSE_MARK) == 0) {
            return new HyperLogLog(
                    bits,
                    Registers.unpacked(Arrays.copyOfRange(bytes, 1, bytes.length), 1 << bits));
        }
        byte[] registers = new byte[1 << bits];
        for (int i = 1; i + 2 < bytes.length; i += 3) {
            int entry = (bytes[i] & 0xff) << 16 | (bytes[i + 1] & 0xff) << 8 | bytes[i + 2] & 0xff;
            int index = entry >> RANK_BITS;
            if (index >= registers.length) {
                throw new IllegalArgumentException("not a HyperLogLog");
            }
            registers[index] = (byte) (entry & RANK_MASK);
        }
        return new HyperLogLog(bits, registers);
    }

    private byte[] registers() {
        if (dense != null) {
            return dense;
        }
        byte[] registers = new byte[1 << bits];
        for (int entry : entries) {
            registers[entry >> RANK_BITS] = (byte) (entry & RANK_MASK);
        }
        return registers;
    }

    /** The values of all of them; as fine as the least fine. */
    public static HyperLogLog union(Collection<HyperLogLog> parts) {
        int bits = parts.stream().mapToInt(part -> part.bits).min().orElse(WHOLE);
        if (parts.size() == 1) {
            return parts.iterator().next();
        }
        byte[] registers = new byte[1 << bits];
        for (HyperLogLog part : parts) {
            part.raise(registers, bits);
        }
        return new HyperLogLog(bits, registers);
    }

    /** The values of both. */
    public HyperLogLog plus(HyperLogLog other) {
        return union(List.of(this, other));
    }

    /** The same with {@link #SMALL} registers, as if they had been that few from the beginning. */
    public HyperLogLog small() {
        if (bits == SMALL) {
            return this;
        }
        byte[] registers = new byte[1 << SMALL];
        raise(registers, SMALL);
        return new HyperLogLog(SMALL, registers);
    }

    private void raise(byte[] registers, int asBits) {
        if (entries != null) {
            for (int entry : entries) {
                raise(registers, asBits, entry >> RANK_BITS, entry & RANK_MASK);
            }
        } else if (bits == asBits) {
            for (int i = 0; i < dense.length; i++) {
                if (dense[i] > registers[i]) {
                    registers[i] = dense[i];
                }
            }
        } else {
            for (int i = 0; i < dense.length; i++) {
                if (dense[i] != 0) {
                    raise(registers, asBits, i, dense[i]);
                }
            }
        }
    }

    /** The bits of an index that a shorter one has not are the first ones that its rank counts. */
    private void raise(byte[] registers, int asBits, int index, int rank) {
        int high = index >> asBits;
        int folded =
                bits == asBits
                        ? rank
                        : high == 0
                                ? rank + bits - asBits
                                : Integer.numberOfTrailingZeros(high) + 1;
        int at = index & (1 << asBits) - 1;
        if (folded > registers[at]) {
            registers[at] = (byte) folded;
        }
    }

    /** How many different values there are, about. */
    public long estimate() {
        if (estimate < 0) {
            estimate = Cardinality.estimate(ofRank(), 1 << bits, HASH_BITS - bits);
        }
        return estimate;
    }

    /** How many registers there are of each rank. */
    private int[] ofRank() {
        int[] ofRank = new int[RANK_MASK + 1];
        if (entries == null) {
            for (byte rank : dense) {
                ofRank[rank]++;
            }
        } else {
            ofRank[0] = (1 << bits) - entries.length;
            for (int entry : entries) {
                ofRank[entry & RANK_MASK]++;
            }
        }
        return ofRank;
    }

    /** Relative standard error of the estimate: 0.0081 for {@link #WHOLE}. */
    public double error() {
        return error(bits);
    }

    /**
     * Relative standard error of an estimate.
     *
     * @param bits how many registers it has, as a power of 2
     */
    public static double error(int bits) {
        return Math.round(1.04 / Math.sqrt(1 << bits) * 1e4) / 1e4;
    }

    /** How many registers are not 0. */
    public int size() {
        if (entries != null) {
            return entries.length;
        }
        int found = 0;
        for (byte rank : dense) {
            found += rank == 0 ? 0 : 1;
        }
        return found;
    }

    /** How many registers are not the same. */
    public int distance(HyperLogLog other) {
        byte[] one = registers();
        byte[] two = other.registers();
        int different = Math.abs(one.length - two.length);
        for (int i = 0; i < Math.min(one.length, two.length); i++) {
            different += one[i] == two[i] ? 0 : 1;
        }
        return different;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof HyperLogLog other
                && bits == other.bits
                && Arrays.equals(entries, other.entries)
                && Arrays.equals(dense, other.dense);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(entries) + Arrays.hashCode(dense);
    }

    @Override
    public String toString() {
        return "about " + estimate();
    }
}
