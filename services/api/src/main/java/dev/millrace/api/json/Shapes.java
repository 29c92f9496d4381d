package dev.millrace.api.json;

import dev.millrace.api.place.HexGrid;
import dev.millrace.api.place.Place;
import dev.millrace.api.window.Ages;
import dev.millrace.api.window.Detail;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Percentiles;
import dev.millrace.api.window.Point;
import dev.millrace.api.window.RowTable;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.LatestPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.resource.DashboardSpec.Through;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.Row;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The shapes that several answers share. */
public final class Shapes {
    private static final String OTHER = "(other)";

    private Shapes() {}

    /** ISO-8601 in UTC; {@code null} for {@code null}. */
    public static String time(Instant time) {
        return time == null ? null : time.toString();
    }

    /** The same of milliseconds since 1970. */
    public static String time(Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }

    /** Numbers since the start. */
    public static Map<String, Object> totals(Snapshot.Totals totals) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("events", totals.events());
        shape.put("valid", totals.valid());
        shape.put("invalid", totals.invalid());
        shape.put("late", totals.late());
        return shape;
    }

    /** What the numbers are worth. */
    public static void putCondition(Map<String, Object> shape, Snapshot.Condition condition) {
        shape.put("state", condition.state().name());
        shape.put("stateReason", condition.reason());
        shape.put("degraded", condition.isDegraded());
        shape.put("degradedReason", condition.isDegraded() ? condition.reason() : null);
        shape.put("asOf", time(condition.asOf()));
        if (condition.through() != null) {
            putThrough(shape, condition.through());
        }
    }

    /** Which way numbers came to the page. */
    public static void putThrough(Map<String, Object> shape, Snapshot.Through through) {
        shape.put("through", (through.isTopic() ? Through.stats : Through.snapshot).name());
        shape.put("throughReason", through.past());
    }

    /** The same beside numbers, which say so only when they are not what they should be. */
    public static void putDegraded(Map<String, Object> shape, Snapshot.Condition condition) {
        if (condition.isDegraded()) {
            shape.put("degraded", true);
            shape.put("degradedReason", condition.reason());
            shape.put("asOf", time(condition.asOf()));
        }
    }

    /**
     * A metric over a window: name, bounds and value.
     *
     * @param now the pipeline's clock: where the window {@code all} ends
     */
    public static Map<String, Object> window(WindowView view, Instant now) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("metric", view.metric().name());
        shape.put("window", view.window().text());
        shape.put("from", time(view.from()));
        shape.put("to", view.window().isAll() ? time(now) : time(view.to()));
        shape.put("value", view.value());
        if (view.metric().isApproximate()) {
            shape.put("estimated", true);
            if (view.metric() instanceof MeasurePlan) {
                shape.put("error", HyperLogLog.EMPTY.error());
            }
        }
        putDetail(shape, view.detail(), now);
        return shape;
    }

    /**
     * Groups of a metric.
     *
     * @param now the pipeline's clock, for the ages of rows
     */
    public static List<Map<String, Object>> groups(
            MetricPlan metric, List<Group> groups, boolean previous, Instant now) {
        return groups.stream()
                .map(
                        group -> {
                            Map<String, Object> shape = new LinkedHashMap<>();
                            shape.put("key", key(metric, group));
                            if (GroupKey.OTHER.equals(group.key())) {
                                shape.put("other", true);
                            }
                            shape.put("value", group.value());
                            if (previous) {
                                shape.put("previous", group.previous());
                            }
                            putDetail(shape, group.detail(), now);
                            return shape;
                        })
                .toList();
    }

    private static void putDetail(Map<String, Object> shape, Detail detail, Instant now) {
        switch (detail) {
            case Ages ages -> shape.put("ages", ages(ages, now));
            case RowTable rows ->
                    shape.put("ages", rows.ages() == null ? null : ages(rows.ages(), now));
            case Percentiles _ -> {}
            case null -> {}
        }
        putDetail(shape, detail);
    }

    /** What is told besides a number, but for ages, which grow while nothing happens. */
    public static void putDetail(Map<String, Object> shape, Detail detail) {
        switch (detail) {
            case Percentiles percentiles -> shape.put("percentiles", percentiles(percentiles));
            case RowTable rows -> {
                shape.put("limit", rows.limit());
                shape.put("dropped", rows.dropped());
                if (!rows.fences().isEmpty()) {
                    shape.put("fences", rows.fences().stream().map(Shapes::fence).toList());
                }
            }
            case Ages _ -> {}
            case null -> {}
        }
    }

    private static Map<String, Object> fence(RowTable.FenceCount count) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("fence", count.fence().name());
        shape.put("value", count.size());
        shape.put(
                "groups",
                count.values().top().stream()
                        .map(
                                group -> {
                                    Map<String, Object> state = new LinkedHashMap<>();
                                    state.put("key", GroupKey.decode(group.key()).getFirst());
                                    state.put("value", group.value());
                                    return state;
                                })
                        .toList());
        return shape;
    }

    private static Map<String, Object> ages(Ages ages, Instant now) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("min", Ages.age(ages.min(), now));
        shape.put("p50", Ages.age(ages.p50(), now));
        shape.put("average", Ages.age(ages.average(), now));
        shape.put("p75", Ages.age(ages.p75(), now));
        shape.put("p90", Ages.age(ages.p90(), now));
        shape.put("p99", Ages.age(ages.p99(), now));
        shape.put("max", Ages.age(ages.max(), now));
        return shape;
    }

    /**
     * A row of {@code latest}.
     *
     * @param plan the fences and grid that it was located in
     */
    public static Map<String, Object> row(RowTable.Entry entry, LatestPlan plan) {
        Row row = entry.row();
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("key", entry.key());
        shape.put("value", row.value());
        shape.put("at", time(row.time()));
        shape.put("since", time(row.begin()));
        shape.put("position", position(row));
        Place place = entry.place();
        if (!plan.fences().isEmpty()) {
            shape.put(
                    "fences",
                    IntStream.range(0, plan.fences().size())
                            .filter(place::isIn)
                            .mapToObj(i -> plan.fences().get(i).name())
                            .toList());
        }
        if (plan.cells() != null) {
            shape.put("cell", place.cell() == 0 ? null : HexGrid.text(place.cell()));
        }
        return shape;
    }

    /** How numbers are distributed. */
    public static Map<String, Object> percentiles(Percentiles percentiles) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("count", percentiles.count());
        shape.put("min", percentiles.min());
        shape.put("p50", percentiles.p50());
        shape.put("average", percentiles.average());
        shape.put("p75", percentiles.p75());
        shape.put("p90", percentiles.p90());
        shape.put("p95", percentiles.p95());
        shape.put("p99", percentiles.p99());
        shape.put("max", percentiles.max());
        return shape;
    }

    /** Where a row is; {@code null} where that is not known. */
    public static Map<String, Object> position(Row row) {
        if (row.longitude() == null) {
            return null;
        }
        Map<String, Object> position = new LinkedHashMap<>();
        position.put("lon", row.longitude());
        position.put("lat", row.latitude());
        return position;
    }

    /**
     * A string, {@code null} for a missing one, or a list of these for several fields. The group of
     * all for which there was no room is {@value #OTHER}.
     */
    public static Object key(MetricPlan metric, Group group) {
        List<String> parts =
                GroupKey.OTHER.equals(group.key()) && metric instanceof MeasurePlan measure
                        ? Collections.nCopies(Math.max(1, measure.by().size()), OTHER)
                        : GroupKey.decode(group.key());
        return metric instanceof MeasurePlan measure && measure.by().size() > 1
                ? parts
                : parts.getFirst();
    }

    /** Points as pairs of seconds and value. */
    public static List<List<Number>> pairs(List<Point> points) {
        return points.stream()
                .map(point -> Arrays.<Number>asList(point.seconds(), point.value()))
                .toList();
    }
}
