package dev.millrace.pipeline.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
 *
 * <p>The estimate is that of O. Ertl, "New cardinality estimation algorithms for HyperLogLog
 * sketches" (2017), which needs no correction for small or large numbers.
 */
public final class HyperLogLog {
    /** Registers of what Redis keeps, as a power of 2: 16,384. */
    public static final int WHOLE = 14;

    /** Registers of a smaller one that can be made of it, as a power of 2: 2,048. */
    public static final int SMALL = 11;

    /** No value. */
    public static final HyperLogLog EMPTY = new HyperLogLog(WHOLE, new byte[1 << WHOLE]);

    private static final int HASH_BITS = 64;
    private static final long SEED = 0xadc83b19L;
    private static final long MULTIPLIER = 0xc6a4a7935bd1e995L;
    private static final int HEADER = 16;
    private static final int RANK_BITS = 6;
    private static final int RANK_MASK = (1 << RANK_BITS) - 1;
    private static final double ALPHA = 0.5 / Math.log(2);
    private static final byte DENSE = 0;
    private static final byte SPARSE = 1;
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
        long hash = hash(value.getBytes(StandardCharsets.UTF_8));
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

    /** MurmurHash64A, which is what Redis takes. */
    private static long hash(byte[] bytes) {
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

    /**
     * Reads the string that Redis keeps.
     *
     * @throws IllegalArgumentException where it is none of a HyperLogLog
     */
    public static HyperLogLog ofRedis(byte[] string) {
        if (string.length < HEADER
                || string[0] != 'H'
                || string[1] != 'Y'
                || string[2] != 'L'
                || string[3] != 'L') {
            throw new IllegalArgumentException("not a HyperLogLog of Redis");
        }
        byte[] body = Arrays.copyOfRange(string, HEADER, string.length);
        return new HyperLogLog(
                WHOLE,
                switch (string[4]) {
                    case DENSE -> unpacked(body, 1 << WHOLE);
                    case SPARSE -> runs(body);
                    default ->
                            throw new IllegalArgumentException(
                                    "not a HyperLogLog that this version knows");
                });
    }

    /**
     * Runs of registers: 00LLLLLL of zeros, 01LLLLLL LLLLLLLL of many zeros, 1RRRRRLL of a rank.
     */
    private static byte[] runs(byte[] body) {
        byte[] registers = new byte[1 << WHOLE];
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

    /** Six bits for each register, the lowest first. */
    private static byte[] unpacked(byte[] body, int count) {
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

    /** In few bytes, for {@link #ofBytes}. */
    public byte[] toBytes() {
        int packed = (1 << bits) * RANK_BITS / Byte.SIZE;
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
        byte[] registers = registers();
        for (int i = 0; i < registers.length; i++) {
            int bit = i * RANK_BITS;
            int two = registers[i] << bit % Byte.SIZE;
            bytes[1 + bit / Byte.SIZE] |= (byte) two;
            if (two > 0xff) {
                bytes[2 + bit / Byte.SIZE] |= (byte) (two >> Byte.SIZE);
            }
        }
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
                    bits, unpacked(Arrays.copyOfRange(bytes, 1, bytes.length), 1 << bits));
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
            estimate = compute();
        }
        return estimate;
    }

    private long compute() {
        int count = 1 << bits;
        int most = HASH_BITS - bits;
        int[] ofRank = new int[RANK_MASK + 1];
        if (entries == null) {
            for (byte rank : dense) {
                ofRank[rank]++;
            }
        } else {
            ofRank[0] = count - entries.length;
            for (int entry : entries) {
                ofRank[entry & RANK_MASK]++;
            }
        }
        double z = count * tau((count - ofRank[most + 1]) / (double) count);
        for (int rank = most; rank > 0; rank--) {
            z = (z + ofRank[rank]) * 0.5;
        }
        z += count * sigma(ofRank[0] / (double) count);
        return Math.round(ALPHA * count * count / z);
    }

    /** x and all x^(2^k) * 2^(k-1), added up. */
    private static double sigma(double x) {
        if (x == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double power = x;
        double weight = 1;
        double sum = x;
        double before;
        do {
            before = sum;
            power *= power;
            sum += power * weight;
            weight += weight;
        } while (sum != before);
        return sum;
    }

    /** A third of 1 - x without all (1 - x^(2^-k))^2 * 2^-k. */
    private static double tau(double x) {
        if (x == 0 || x == 1) {
            return 0;
        }
        double root = x;
        double weight = 1;
        double sum = 1 - x;
        double before;
        do {
            before = sum;
            root = Math.sqrt(root);
            weight *= 0.5;
            sum -= (1 - root) * (1 - root) * weight;
        } while (sum != before);
        return sum / 3;
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
