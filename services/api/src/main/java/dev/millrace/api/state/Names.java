package dev.millrace.api.state;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives each text a small number, so that windows are added up in arrays rather than in maps. Only
 * grows; an array that was handed out stays right.
 */
final class Names {
    private final Map<String, Integer> indexes = new HashMap<>();
    private String[] names = new String[16];

    /** The number of a text, a new one where it has none. */
    int index(String name) {
        Integer known = indexes.get(name);
        if (known != null) {
            return known;
        }
        int index = indexes.size();
        if (index == names.length) {
            names = Arrays.copyOf(names, index * 2);
        }
        names[index] = name;
        indexes.put(name, index);
        return index;
    }

    String name(int index) {
        return names[index];
    }

    /** The texts by their numbers; not to be changed. */
    String[] array() {
        return names;
    }

    int size() {
        return indexes.size();
    }
}
