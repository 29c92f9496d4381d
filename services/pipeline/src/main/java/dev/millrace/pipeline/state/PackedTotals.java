package dev.millrace.pipeline.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.event.PlainText;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Numbers of very many groups, as the packed part of a bucket has them: {@code count} and {@code
 * sum} with {@code by}. For one thread.
 */
public final class PackedTotals implements PackedEntries {
    private final Texts groups = new Texts();
    private long[] numbers = new long[1 << 10];

    /**
     * Adds to a group's number.
     *
     * @return whether the group is new
     */
    public boolean add(String group, long number) {
        byte[] utf8 = group.getBytes(UTF_8);
        return add(utf8, 0, utf8.length, number);
    }

    /**
     * The same, of a group whose name is a text as it stands in an event.
     *
     * @return whether the group is new
     */
    public boolean add(PlainText group, long number) {
        return add(group.bytes(), group.from(), group.to(), number);
    }

    private boolean add(byte[] bytes, int from, int to, long number) {
        int before = groups.size();
        int group = groups.index(bytes, from, to);
        if (group == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * group);
        }
        numbers[group] = StoredNumber.plus(numbers[group], number);
        return group == before;
    }

    @Override
    public int add(byte[] piece, int from) {
        PackedReader reader = new PackedReader(piece, from);
        return reader.entries(
                () -> {
                    reader.text();
                    int start = reader.from();
                    int end = reader.to();
                    add(piece, start, end, reader.number());
                });
    }

    @Override
    public void clear() {
        Arrays.fill(numbers, 0, groups.size(), 0);
        groups.clear();
    }

    @Override
    public int size() {
        return groups.size();
    }

    @Override
    public byte[] toArray() {
        return write(IntStream.range(0, size()).toArray(), 0, false);
    }

    @Override
    public byte[] toArray(int most) {
        if (size() <= most) {
            return toArray();
        }
        byte[] other = GroupKey.OTHER.getBytes(UTF_8);
        long others = 0;
        int[] highest =
                IntStream.range(0, size())
                        .boxed()
                        .sorted((a, b) -> Long.compare(numbers[b], numbers[a]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        int[] kept = new int[most];
        int count = 0;
        for (int group : highest) {
            boolean isOther =
                    Arrays.equals(
                            groups.pool(),
                            groups.start(group),
                            groups.end(group),
                            other,
                            0,
                            other.length);
            if (isOther || count == most) {
                others = StoredNumber.plus(others, numbers[group]);
            } else {
                kept[count++] = group;
            }
        }
        return write(Arrays.copyOf(kept, count), others, true);
    }

    private byte[] write(int[] which, long others, boolean hasOthers) {
        PackedWriter writer = new PackedWriter(which.length * 16);
        for (int group : which) {
            writer.text(groups.pool(), groups.start(group), groups.end(group))
                    .number(numbers[group]);
        }
        if (hasOthers) {
            byte[] other = GroupKey.OTHER.getBytes(UTF_8);
            writer.text(other, 0, other.length).number(others);
        }
        return writer.toArray();
    }

    /** The numbers by their groups. */
    public Map<String, Long> toMap() {
        Map<String, Long> map = HashMap.newHashMap(size());
        for (int group = 0; group < size(); group++) {
            map.put(groups.text(group), numbers[group]);
        }
        return map;
    }
}
