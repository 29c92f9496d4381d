package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.StatsSpec;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks which numbers are published. */
record StatsCompiler(Read read, Map<String, MetricPlan> metrics) {
    private static final String PATH = "spec.stats";

    /** How many groups the page shows of a metric. */
    private static final int PAGE = 10;

    private static final Duration LONGEST_OF_PAGE = Duration.ofSeconds(5);

    /** The plan; {@code null} where nothing is declared. */
    StatsPlan compile(StatsSpec spec) {
        if (spec == null) {
            return null;
        }
        return new StatsPlan(
                chosen(spec.metrics()),
                read.number(PATH + ".groups", spec.groups(), 100, 1, 10_000),
                read.duration(
                        PATH + ".every",
                        spec.every(),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10)));
    }

    /**
     * Checks whether a page can be fed by what is published.
     *
     * @param stats {@code null}: nothing is
     */
    void checkPage(StatsPlan stats) {
        Problems problems = read.problems();
        if (stats == null) {
            problems.add(
                    "spec.dashboard.through",
                    "there is no topic of numbers; add spec.stats, as in stats: {}, or write snapshot");
            return;
        }
        if (stats.groups() < PAGE) {
            problems.add(
                    PATH + ".groups",
                    "%d are fewer than the page shows, to which numbers come through the topic; write %d or more"
                            .formatted(stats.groups(), PAGE));
        }
        if (stats.every().compareTo(LONGEST_OF_PAGE) > 0) {
            problems.add(
                    PATH + ".every",
                    "the page, to which numbers come through the topic, would stand still so long; write 5s or less");
        }
    }

    private List<MetricPlan> chosen(List<String> names) {
        Problems problems = read.problems();
        if (names == null) {
            if (metrics.isEmpty() && problems.isEmpty()) {
                problems.add(
                        PATH,
                        "nothing would be published: add a metric to spec.metrics, or leave it out");
            }
            return List.copyOf(metrics.values());
        }
        String path = PATH + ".metrics";
        if (names.isEmpty()) {
            problems.add(path, "is empty; name the metrics, or leave it out for all of them");
        }
        Set<MetricPlan> chosen = new LinkedHashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            MetricPlan metric = name == null ? null : metrics.get(name);
            if (name == null) {
                problems.add(path + "[" + i + "]", "is empty; name a metric");
            } else if (metric == null) {
                problems.unknown(path + "[" + i + "]", "metric", name, metrics.keySet());
            } else {
                chosen.add(metric);
            }
        }
        return List.copyOf(chosen);
    }
}
