package dev.millrace.pipeline.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.event.PlainText;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Numbers of very many groups, as the packed part of a bucket has them: {@code count} and {@code
 * sum} with {@code by}. For one thread.
 */
public final class PackedTotals implements PackedEntries {
    private static final int PIECE = 1 << 15;

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

    boolean add(byte[] bytes, int from, int to, long number) {
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
    public void write(int most, Consumer<byte[]> taker) {
        PackedWriter piece = new PackedWriter(2 * PIECE);
        if (size() <= most) {
            for (int group = 0; group < size(); group++) {
                write(group, piece, taker);
            }
        } else {
            byte[] other = GroupKey.OTHER.getBytes(UTF_8);
            long others = 0;
            int kept = 0;
            for (int group : byNumber()) {
                if (kept == most || isAt(group, other)) {
                    others = StoredNumber.plus(others, numbers[group]);
                } else {
                    kept++;
                    write(group, piece, taker);
                }
            }
            piece.text(other, 0, other.length).number(others);
        }
        if (piece.size() > 0) {
            taker.accept(piece.toArray());
        }
    }

    private void write(int group, PackedWriter piece, Consumer<byte[]> taker) {
        piece.text(groups.pool(), groups.start(group), groups.end(group)).number(numbers[group]);
        if (piece.size() >= PIECE) {
            taker.accept(piece.toArray());
            piece.clear();
        }
    }

    private int[] byNumber() {
        return IntStream.range(0, size())
                .boxed()
                .sorted((a, b) -> Long.compare(numbers[b], numbers[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private boolean isAt(int group, byte[] name) {
        return Arrays.equals(
                groups.pool(), groups.start(group), groups.end(group), name, 0, name.length);
    }

    /** The groups of the highest numbers, without {@link GroupKey#OTHER}. */
    Set<String> highest(int most) {
        byte[] other = GroupKey.OTHER.getBytes(UTF_8);
        return Arrays.stream(byNumber())
                .filter(group -> !isAt(group, other))
                .limit(most)
                .mapToObj(groups::text)
                .collect(Collectors.toSet());
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
