package dev.millrace.processor.counting;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/**
 * A set of texts that takes little memory while there are few of them, as there are of most groups
 * between two flushes.
 */
final class SmallSet extends AbstractSet<String> {
    private static final int FEW = 8;

    private String[] few = new String[2];
    private int size;
    private Set<String> many;

    @Override
    public boolean add(String text) {
        if (many != null) {
            return many.add(text);
        }
        // Mostly it is the very same String, of the decoder's cache.
        for (int i = 0; i < size; i++) {
            if (few[i] == text) {
                return false;
            }
        }
        for (int i = 0; i < size; i++) {
            if (few[i].equals(text)) {
                return false;
            }
        }
        if (size == FEW) {
            many = new HashSet<>(Arrays.asList(few));
            few = null;
            return many.add(text);
        }
        if (size == few.length) {
            few = Arrays.copyOf(few, 2 * size);
        }
        few[size++] = text;
        return true;
    }

    @Override
    public Iterator<String> iterator() {
        return many == null ? Arrays.asList(few).subList(0, size).iterator() : many.iterator();
    }

    @Override
    public int size() {
        return many == null ? size : many.size();
    }

    @Override
    public boolean contains(Object text) {
        return many == null
                ? Arrays.asList(few).subList(0, size).contains(text)
                : many.contains(text);
    }
}
