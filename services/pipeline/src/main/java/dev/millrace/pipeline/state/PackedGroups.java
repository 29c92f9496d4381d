package dev.millrace.pipeline.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.event.PlainText;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Different values of very many groups, as the packed part of a bucket has them: {@code unique}
 * with {@code by}. For one thread.
 */
public final class PackedGroups implements PackedEntries {
    /** As they are packed, each with one value: most groups have no more between two flushes. */
    private final Texts entries = new Texts();

    private final PackedWriter entry = new PackedWriter(64);

    /**
     * Adds a value of a group.
     *
     * @return whether it is new there
     */
    public boolean add(String group, String value) {
        return group(group).add(value);
    }

    /** Says of which group the value is that is added next. */
    public PackedGroups group(String group) {
        byte[] utf8 = group.getBytes(UTF_8);
        return group(utf8, 0, utf8.length);
    }

    /** The same, of a name as it stands in an event. */
    public PackedGroups group(PlainText group) {
        return group(group.bytes(), group.from(), group.to());
    }

    private PackedGroups group(byte[] bytes, int from, int to) {
        entry.clear().text(bytes, from, to).number(1);
        return this;
    }

    /**
     * Adds a value of the group that was said.
     *
     * @return whether it is new there
     */
    public boolean add(String value) {
        byte[] utf8 = value.getBytes(UTF_8);
        entry.text(utf8, 0, utf8.length);
        return addEntry();
    }

    /**
     * The same, of a text as it stands in an event.
     *
     * @return whether it is new there
     */
    public boolean add(PlainText value) {
        entry.text(value.bytes(), value.from(), value.to());
        return addEntry();
    }

    private boolean addEntry() {
        int before = entries.size();
        return entries.index(entry.bytes(), 0, entry.size()) == before;
    }

    @Override
    public int add(byte[] piece, int from) {
        PackedReader reader = new PackedReader(piece, from);
        return reader.entries(
                () -> {
                    reader.text();
                    int start = reader.from();
                    int end = reader.to();
                    for (long left = reader.number(); left > 0; left--) {
                        reader.text();
                        group(piece, start, end);
                        entry.text(piece, reader.from(), reader.to());
                        addEntry();
                    }
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
        if (size() <= most) {
            // no more groups than entries
            entries.write(taker);
            return;
        }
        PackedTotals sizes = new PackedTotals();
        PackedReader reader = entries.reader();
        while (reader.hasNext()) {
            reader.text();
            sizes.add(entries.pool(), reader.from(), reader.to(), 1);
            reader.number();
            reader.text();
        }
        if (sizes.size() <= most) {
            entries.write(taker);
        } else {
            limited(sizes.highest(most)).entries.write(taker);
        }
    }

    private PackedGroups limited(Set<String> kept) {
        PackedGroups limited = new PackedGroups();
        PackedReader reader = entries.reader();
        while (reader.hasNext()) {
            String group = reader.string();
            reader.number();
            limited.add(kept.contains(group) ? group : GroupKey.OTHER, reader.string());
        }
        return limited;
    }

    /** The values by their groups. */
    public Map<String, Set<String>> toMap() {
        Map<String, Set<String>> map = new HashMap<>();
        PackedReader reader = entries.reader();
        while (reader.hasNext()) {
            Set<String> values = map.computeIfAbsent(reader.string(), _ -> new HashSet<>(4));
            reader.number();
            values.add(reader.string());
        }
        return map;
    }
}
