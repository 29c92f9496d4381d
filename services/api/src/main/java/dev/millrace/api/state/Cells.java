package dev.millrace.api.state;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * The members of a set, sorted set or hash, with their numbers. Tens of thousands come at a time,
 * so their bytes are kept one after the other rather than as objects.
 */
final class Cells extends CommandOutput<String, String, Cells> {
    private final boolean paired;
    private byte[] bytes = new byte[1_024];
    private int[] ends = new int[64];
    private long[] numbers = new long[64];
    private int size;
    private boolean hasMember;

    /**
     * An answer to come.
     *
     * @param paired whether each member is followed by its number
     */
    Cells(boolean paired) {
        super(StringCodec.UTF8, null);
        this.paired = paired;
        this.output = this;
    }

    /** The same of names and numbers that did not come from Redis. */
    static Cells of(Map<String, String> numbers) {
        Cells cells = new Cells(true);
        numbers.forEach(
                (name, number) -> {
                    cells.set(StringCodec.UTF8.encodeValue(name));
                    cells.set(StringCodec.UTF8.encodeValue(number));
                });
        return cells;
    }

    @Override
    public void set(ByteBuffer part) {
        if (hasMember) {
            number(parse(part));
        } else {
            member(part);
        }
    }

    @Override
    public void set(double score) {
        number((long) score);
    }

    @Override
    public void set(long score) {
        number(score);
    }

    @Override
    public void multi(int count) {
        // the structure is known: only its leaves are of interest
    }

    private void member(ByteBuffer part) {
        int from = size == 0 ? 0 : ends[size - 1];
        int to = from + part.remaining();
        if (to > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(to, bytes.length * 2));
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size * 2);
            numbers = paired ? Arrays.copyOf(numbers, size * 2) : numbers;
        }
        part.get(bytes, from, to - from);
        ends[size++] = to;
        hasMember = paired;
    }

    private void number(long number) {
        numbers[size - 1] = number;
        hasMember = false;
    }

    private long parse(ByteBuffer part) {
        String text = decodeString(part);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return decimal(text);
        }
    }

    private static long decimal(String text) {
        try {
            return (long) Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    int size() {
        return size;
    }

    /** The number of a member among names. */
    int index(int member, Names names) {
        return names.index(bytes, member == 0 ? 0 : ends[member - 1], ends[member]);
    }

    /** Where the first colon of a member is, from its beginning; negative where there is none. */
    private int colon(int member) {
        int from = member == 0 ? 0 : ends[member - 1];
        for (int i = from; i < ends[member]; i++) {
            if (bytes[i] == ':') {
                return i - from;
            }
        }
        return -1;
    }

    /** A member's text, up to its first colon. */
    String name(int member) {
        int from = member == 0 ? 0 : ends[member - 1];
        int colon = colon(member);
        int length = colon < 0 ? ends[member] - from : colon;
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    /** The number among names of what is behind a member's first colon; negative for nothing. */
    int suffix(int member, Names names) {
        int from = member == 0 ? 0 : ends[member - 1];
        int colon = colon(member);
        return colon < 0 ? -1 : names.index(bytes, from + colon + 1, ends[member]);
    }

    /** What came with a member. */
    long number(int member) {
        return numbers[member];
    }
}
