package dev.millrace.api.exposition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a scrape, read as Prometheus does. */
record Exposition(List<Series> series) {
    private static final Pattern LINE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    record Series(String name, Map<String, String> labels, double value) {}

    static Exposition of(String text) {
        List<Series> all = new ArrayList<>();
        text.lines()
                .filter(line -> line.startsWith("millrace_metric_"))
                .forEach(line -> all.add(series(line)));
        return new Exposition(all);
    }

    private static Series series(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new AssertionError("Not of the text format: " + line);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        String text = parts.group(2) == null ? "" : parts.group(2);
        Matcher label = LABEL.matcher(text);
        int end = 0;
        while (label.lookingAt()) {
            labels.put(
                    label.group(1),
                    label.group(2)
                            .replace("\\n", "\n")
                            .replace("\\\"", "\"")
                            .replace("\\\\", "\\"));
            end = label.end();
            label.region(end, text.length());
        }
        if (end != text.length()) {
            throw new AssertionError("Not of the text format: " + line);
        }
        return new Series(parts.group(1), labels, Double.parseDouble(parts.group(3)));
    }

    /** The values of a name by the text of one label, of those that have certain others. */
    Map<String, Double> by(String label, String name, String... others) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (Series one : series) {
            boolean wanted = one.name().equals(name) && one.labels().containsKey(label);
            for (int i = 0; i < others.length; i += 2) {
                wanted &= others[i + 1].equals(one.labels().get(others[i]));
            }
            if (wanted && values.put(one.labels().get(label), one.value()) != null) {
                throw new AssertionError("Twice: " + one);
            }
        }
        return values;
    }
}
