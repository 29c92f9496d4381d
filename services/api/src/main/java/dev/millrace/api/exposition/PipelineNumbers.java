package dev.millrace.api.exposition;

import dev.millrace.api.window.Ages;
import dev.millrace.api.window.Detail;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Percentiles;
import dev.millrace.api.window.RowTable;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshots;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.HyperLogLog;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of the newest snapshot as gauges. Each scrape makes them; in between they cost
 * nothing. There are none while the numbers are not current, so that a gap tells of it.
 *
 * <ul>
 *   <li>{@code millrace_metric_value{metric,window}}: over all groups
 *   <li>{@code millrace_metric_groups{metric,window}}: how many groups there are
 *   <li>{@code millrace_metric_group_value{metric,window,group}}: of the highest groups
 *   <li>{@code millrace_metric_distribution{metric,window,group,stat}}: percentiles, in the
 *       metric's unit, or for how long rows have been in their state, in seconds; the group is
 *       empty for all
 *   <li>{@code millrace_metric_relative_error{metric,window}}: relative standard error of a metric
 *       that is an estimate
 *   <li>{@code millrace_metric_fence_value{metric,window,fence}}: rows within a fence
 * </ul>
 */
public final class PipelineNumbers implements MultiCollector {
    private final Snapshots snapshots;
    private final int groups;

    /**
     * The numbers of snapshots.
     *
     * @param groups how many groups of each metric and window
     */
    public PipelineNumbers(Snapshots snapshots, int groups) {
        this.snapshots = snapshots;
        this.groups = groups;
    }

    /** A gauge: points by their labels, so that no two are of the same. */
    private enum Gauge {
        VALUE("millrace_metric_value", "A metric of the pipeline over a window"),
        GROUPS("millrace_metric_groups", "How many groups a metric has in a window"),
        GROUP_VALUE("millrace_metric_group_value", "A group of a metric over a window"),
        DISTRIBUTION(
                "millrace_metric_distribution",
                "Percentiles of a metric; of rows, for how many seconds they are in their state"),
        RELATIVE_ERROR(
                "millrace_metric_relative_error",
                "Relative standard error of a metric that is an estimate"),
        FENCE_VALUE("millrace_metric_fence_value", "Rows of a metric within a fence");

        private final String title;
        private final String help;

        Gauge(String title, String help) {
            this.title = title;
            this.help = help;
        }
    }

    /** The points of one scrape. */
    private static final class Points {
        private final Map<Gauge, Map<Labels, Double>> byGauge = new LinkedHashMap<>();

        Points() {
            Arrays.stream(Gauge.values())
                    .forEach(gauge -> byGauge.put(gauge, new LinkedHashMap<>()));
        }

        void add(Gauge gauge, Number value, Labels labels) {
            if (value != null) {
                byGauge.get(gauge).putIfAbsent(labels, value.doubleValue());
            }
        }

        MetricSnapshots snapshots() {
            MetricSnapshots.Builder all = MetricSnapshots.builder();
            byGauge.forEach(
                    (gauge, points) -> {
                        GaugeSnapshot.Builder snapshot =
                                GaugeSnapshot.builder().name(gauge.title).help(gauge.help);
                        points.forEach(
                                (labels, value) ->
                                        snapshot.dataPoint(
                                                GaugeDataPointSnapshot.builder()
                                                        .labels(labels)
                                                        .value(value)
                                                        .build()));
                        all.metricSnapshot(snapshot.build());
                    });
            return all.build();
        }
    }

    @Override
    public MetricSnapshots collect() {
        Snapshot snapshot = snapshots.newest();
        Points points = new Points();
        if (snapshot.condition().state() == State.live) {
            snapshot.views().forEach(view -> add(points, view, snapshot.now()));
        }
        return points.snapshots();
    }

    private void add(Points points, WindowView view, Instant now) {
        Labels labels = Labels.of("metric", view.metric().name(), "window", view.window().text());
        points.add(Gauge.VALUE, view.value(), labels);
        if (view.metric() instanceof MeasurePlan measure && measure.isApproximate()) {
            points.add(Gauge.RELATIVE_ERROR, HyperLogLog.EMPTY.error(), labels);
        }
        addDetail(points, labels, "", view.detail(), now);
        if (view.ranking() == null) {
            return;
        }
        points.add(Gauge.GROUPS, view.ranking().size(), labels);
        for (Group group : view.ranking().page(0, groups)) {
            String name = GroupLabel.of(group.key());
            points.add(Gauge.GROUP_VALUE, group.value(), labels.add("group", name));
            addDetail(points, labels, name, group.detail(), now);
        }
    }

    private static void addDetail(
            Points points, Labels labels, String group, Detail detail, Instant now) {
        switch (detail) {
            case Percentiles percentiles ->
                    addStats(points, labels.add("group", group), stats(percentiles));
            case Ages ages -> addStats(points, labels.add("group", group), stats(ages, now));
            case RowTable rows -> {
                if (rows.ages() != null) {
                    addStats(points, labels.add("group", group), stats(rows.ages(), now));
                }
                rows.fences()
                        .forEach(
                                fence ->
                                        points.add(
                                                Gauge.FENCE_VALUE,
                                                fence.size(),
                                                labels.add("fence", fence.fence().name())));
            }
            case null -> {}
        }
    }

    private static void addStats(Points points, Labels labels, Map<String, Number> stats) {
        stats.forEach(
                (stat, value) -> points.add(Gauge.DISTRIBUTION, value, labels.add("stat", stat)));
    }

    private static Map<String, Number> stats(Percentiles percentiles) {
        Map<String, Number> stats = new LinkedHashMap<>();
        stats.put("min", percentiles.min());
        stats.put("p50", percentiles.p50());
        stats.put("average", percentiles.average());
        stats.put("p75", percentiles.p75());
        stats.put("p90", percentiles.p90());
        stats.put("p95", percentiles.p95());
        stats.put("p99", percentiles.p99());
        stats.put("max", percentiles.max());
        return stats;
    }

    private static Map<String, Number> stats(Ages ages, Instant now) {
        Map<String, Number> stats = new LinkedHashMap<>();
        stats.put("min", seconds(ages.min(), now));
        stats.put("p50", seconds(ages.p50(), now));
        stats.put("average", seconds(ages.average(), now));
        stats.put("p75", seconds(ages.p75(), now));
        stats.put("p90", seconds(ages.p90(), now));
        stats.put("p99", seconds(ages.p99(), now));
        stats.put("max", seconds(ages.max(), now));
        return stats;
    }

    private static double seconds(long begin, Instant now) {
        return Ages.age(begin, now) / 1e3;
    }
}
