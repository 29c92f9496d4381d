package dev.millrace.pipeline.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.event.PlainText;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Very many different values, as the packed part of a bucket has them: {@code unique}. For one
 * thread.
 */
public final class PackedValues implements PackedEntries {
    /** As they are packed. */
    private final Texts entries = new Texts();

    private final PackedWriter entry = new PackedWriter(64);

    /**
     * Adds a value.
     *
     * @return whether it is new
     */
    public boolean add(String value) {
        byte[] utf8 = value.getBytes(UTF_8);
        return add(utf8, 0, utf8.length);
    }

    /**
     * The same, of a text as it stands in an event.
     *
     * @return whether it is new
     */
    public boolean add(PlainText value) {
        return add(value.bytes(), value.from(), value.to());
    }

    private boolean add(byte[] bytes, int from, int to) {
        entry.clear().text(bytes, from, to);
        int before = entries.size();
        return entries.index(entry.bytes(), 0, entry.size()) == before;
    }

    @Override
    public int add(byte[] piece, int from) {
        PackedReader reader = new PackedReader(piece, from);
        return reader.entries(
                () -> {
                    reader.text();
                    add(piece, reader.from(), reader.to());
                });
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public void write(int most, Consumer<byte[]> taker) {
        entries.write(taker);
    }

    /** The values. */
    public Set<String> toSet() {
        Set<String> set = HashSet.newHashSet(size());
        PackedReader reader = entries.reader();
        while (reader.hasNext()) {
            set.add(reader.string());
        }
        return set;
    }
}
