package dev.millrace.pipeline.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.Set;

/**
 * Very many different values, as the packed part of a bucket has them: {@code unique}. For one
 * thread.
 */
public final class PackedValues implements PackedEntries {
    private final Texts values = new Texts();

    /**
     * Adds a value.
     *
     * @return whether it is new
     */
    public boolean add(String value) {
        byte[] utf8 = value.getBytes(UTF_8);
        return add(utf8, 0, utf8.length);
    }

    private boolean add(byte[] bytes, int from, int to) {
        int before = values.size();
        return values.index(bytes, from, to) == before;
    }

    @Override
    public void addAll(byte[] packed) {
        PackedReader reader = PackedReader.of(packed);
        while (reader.hasNext()) {
            reader.text();
            add(packed, reader.from(), reader.to());
        }
    }

    @Override
    public void clear() {
        values.clear();
    }

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public byte[] toArray() {
        PackedWriter writer = new PackedWriter(size() * 16);
        for (int value = 0; value < size(); value++) {
            writer.text(values.pool(), values.start(value), values.end(value));
        }
        return writer.toArray();
    }

    @Override
    public byte[] toArray(int most) {
        return toArray();
    }

    /** The values. */
    public Set<String> toSet() {
        Set<String> set = HashSet.newHashSet(size());
        for (int value = 0; value < size(); value++) {
            set.add(values.text(value));
        }
        return set;
    }
}
