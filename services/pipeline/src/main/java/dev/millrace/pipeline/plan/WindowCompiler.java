package dev.millrace.pipeline.plan;

import static dev.millrace.pipeline.plan.Read.list;

import dev.millrace.pipeline.resource.MetricSpec;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the windows of metrics. */
record WindowCompiler(Problems problems) {
    List<Window> compile(String path, MetricSpec spec) {
        if (spec.window() != null && spec.windows() != null) {
            problems.add(path + ".windows", "and window are both there; keep one of them");
        }
        if (spec.window() == null && list(spec.windows()).isEmpty()) {
            if (spec.measure() == Measure.latest) {
                return List.of(Window.ALL);
            }
            problems.add(path + ".window", "is missing; write a duration such as 5m, or all");
            return List.of();
        }
        if (spec.window() != null) {
            return windows(path + ".window", List.of(spec.window()), false);
        }
        return windows(path + ".windows", spec.windows(), true);
    }

    private List<Window> windows(String path, List<String> texts, boolean indexed) {
        Map<String, Window> windows = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            String at = indexed ? path + "[" + i + "]" : path;
            Window window = text == null ? null : window(at, text);
            if (window != null && windows.putIfAbsent(text, window) != null) {
                problems.add(at, text + " is there twice");
            }
        }
        return List.copyOf(windows.values());
    }

    private Window window(String path, String text) {
        Optional<Window> named = Window.named(text);
        if (named.isPresent()) {
            return named.get();
        }
        // the CRD takes no smaller units
        Duration length = text.endsWith("s") ? null : DurationText.parse(text).orElse(null);
        if (length == null) {
            problems.add(
                    path,
                    "\""
                            + text
                            + "\" is no window; write a number and one of m, h, d, such as 5m, or minute, hour, day or all");
            return null;
        }
        if (length.compareTo(Duration.ofMinutes(1)) < 0
                || length.compareTo(Duration.ofDays(400)) > 0) {
            problems.add(path, text + " is out of bounds; write 1m to 400d, or all");
            return null;
        }
        Granularity granularity = Granularity.forWindow(length);
        if (length.toMillis() % granularity.millis() != 0) {
            problems.add(
                    path,
                    text
                            + " is not made of whole buckets of "
                            + granularity.text()
                            + "; up to 2h write whole minutes, up to 7d whole hours, above whole days");
            return null;
        }
        return new Window(text, length, granularity);
    }
}
