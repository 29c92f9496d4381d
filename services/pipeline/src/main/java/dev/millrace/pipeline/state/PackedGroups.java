package dev.millrace.pipeline.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Different values of very many groups, as the packed part of a bucket has them: {@code unique}
 * with {@code by}. For one thread.
 */
public final class PackedGroups implements PackedEntries {
    private final Texts groups = new Texts();

    /** The number of its group, in so many bytes, before each value. */
    private final Texts members = new Texts();

    private byte[] member = new byte[64];
    private int[] sizes = new int[1 << 10];

    /**
     * Adds a value of a group.
     *
     * @return whether it is new there
     */
    public boolean add(String group, String value) {
        byte[] name = group.getBytes(UTF_8);
        byte[] utf8 = value.getBytes(UTF_8);
        return add(group(name, 0, name.length), utf8, 0, utf8.length);
    }

    private int group(byte[] bytes, int from, int to) {
        int group = groups.index(bytes, from, to);
        if (group == sizes.length) {
            sizes = Arrays.copyOf(sizes, 2 * group);
        }
        return group;
    }

    private boolean add(int group, byte[] bytes, int from, int to) {
        int length = Integer.BYTES + to - from;
        if (length > member.length) {
            member = new byte[2 * length];
        }
        for (int i = 0; i < Integer.BYTES; i++) {
            member[i] = (byte) (group >> 8 * i);
        }
        System.arraycopy(bytes, from, member, Integer.BYTES, to - from);
        int before = members.size();
        boolean isNew = members.index(member, 0, length) == before;
        if (isNew) {
            sizes[group]++;
        }
        return isNew;
    }

    private int groupOf(int value) {
        int group = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            group |= (members.pool()[members.start(value) + i] & 0xff) << 8 * i;
        }
        return group;
    }

    @Override
    public void addAll(byte[] packed) {
        PackedReader reader = PackedReader.of(packed);
        while (reader.hasNext()) {
            reader.text();
            int group = group(packed, reader.from(), reader.to());
            for (long left = reader.number(); left > 0; left--) {
                reader.text();
                add(group, packed, reader.from(), reader.to());
            }
        }
    }

    @Override
    public void clear() {
        Arrays.fill(sizes, 0, groups.size(), 0);
        groups.clear();
        members.clear();
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public byte[] toArray() {
        int[] order = byGroup();
        PackedWriter writer = new PackedWriter(size() * 32);
        int at = 0;
        for (int group = 0; group < groups.size(); group++) {
            writer.text(groups.pool(), groups.start(group), groups.end(group));
            writer.number(sizes[group]);
            for (int end = at + sizes[group]; at < end; at++) {
                value(writer, order[at]);
            }
        }
        return writer.toArray();
    }

    private void value(PackedWriter writer, int value) {
        writer.text(members.pool(), members.start(value) + Integer.BYTES, members.end(value));
    }

    /** All values, those of the first group first. */
    private int[] byGroup() {
        int[] next = new int[groups.size()];
        for (int group = 1; group < next.length; group++) {
            next[group] = next[group - 1] + sizes[group - 1];
        }
        int[] order = new int[size()];
        for (int value = 0; value < order.length; value++) {
            order[next[groupOf(value)]++] = value;
        }
        return order;
    }

    @Override
    public byte[] toArray(int most) {
        if (groups.size() <= most) {
            return toArray();
        }
        byte[] other = GroupKey.OTHER.getBytes(UTF_8);
        int others = groups.index(other, 0, other.length);
        if (others == sizes.length) {
            sizes = Arrays.copyOf(sizes, 2 * others);
        }
        boolean[] kept = new boolean[groups.size()];
        IntStream.range(0, groups.size())
                .filter(group -> group != others)
                .boxed()
                .sorted((a, b) -> sizes[b] - sizes[a])
                .limit(most)
                .forEach(group -> kept[group] = true);
        PackedGroups limited = new PackedGroups();
        for (int value = 0; value < size(); value++) {
            int group = kept[groupOf(value)] ? groupOf(value) : others;
            limited.add(
                    limited.group(groups.pool(), groups.start(group), groups.end(group)),
                    members.pool(),
                    members.start(value) + Integer.BYTES,
                    members.end(value));
        }
        return limited.toArray();
    }

    /** The values by their groups. */
    public Map<String, Set<String>> toMap() {
        Map<String, Set<String>> map = HashMap.newHashMap(groups.size());
        for (int value = 0; value < size(); value++) {
            map.computeIfAbsent(groups.text(groupOf(value)), _ -> new HashSet<>(4))
                    .add(
                            new String(
                                    members.pool(),
                                    members.start(value) + Integer.BYTES,
                                    members.end(value) - members.start(value) - Integer.BYTES,
                                    UTF_8));
        }
        return map;
    }
}
