package dev.millrace.api.history;

import dev.millrace.api.json.Shapes;
import dev.millrace.api.window.Amount;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Percentiles;
import dev.millrace.pipeline.plan.FormulaPlan;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.Distribution;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A metric over a range of the past.
 *
 * @param metric what is measured
 * @param range when
 * @param group the one group that it is of, as Redis names it; {@code null}: all
 * @param whole over the whole range; {@code null} where nothing is known of it
 * @param points one for each step, oldest first
 * @param groups the highest groups over the range; {@code null} without groups
 * @param kept how many groups of each step are kept
 * @param asOf when history was complete last; {@code null}: never
 */
record HistoryAnswer(
        MetricPlan metric,
        HistoryRange range,
        String group,
        Moment whole,
        List<Moment> points,
        Groups groups,
        int kept,
        Instant asOf) {
    /** What is 0 where nothing was counted; the others have no number then. */
    private static final Set<Measure> FROM_ZERO =
            EnumSet.of(Measure.count, Measure.sum, Measure.unique);

    /**
     * A number.
     *
     * @param start when its step begins, in milliseconds since 1970
     * @param value {@code null} where there is none, or none is known
     * @param tally what it is of; {@code null}: of nothing, or of other metrics
     */
    record Moment(long start, Number value, Tally tally) {
        boolean isEstimated() {
            return tally != null && tally.isEstimated();
        }
    }

    /**
     * Groups over the range.
     *
     * @param found how many were found
     * @param other over those that were not kept; {@code null}: all were
     */
    record Groups(List<Map.Entry<String, Tally>> top, long found, Tally other) {}

    /** Looks it up. */
    static HistoryAnswer find(
            History history,
            Plan plan,
            MetricPlan metric,
            HistoryRange range,
            String group,
            int limit,
            History.State state) {
        Instant asOf = state == null ? null : Instant.ofEpochMilli(state.asOf());
        int kept = plan.history().groups();
        if (metric instanceof FormulaPlan formula) {
            return formula(history, plan, formula, range, state, kept);
        }
        MeasurePlan measure = (MeasurePlan) metric;
        List<Moment> points = points(history, plan, measure, range, group, state);
        List<Bucket> fewest = range.fewest(measure);
        Map<Bucket, Rollup> found =
                group == null
                        ? measure.isGrouped()
                                ? history.read(fewest)
                                : history.store().readWhole(fewest)
                        : history.store().readGroup(fewest, group);
        boolean known =
                points.stream().anyMatch(point -> point.value() != null || point.tally() != null);
        if (found.isEmpty()) {
            Number none = known && FROM_ZERO.contains(measure.measure()) ? Long.valueOf(0) : null;
            return new HistoryAnswer(
                    metric,
                    range,
                    group,
                    new Moment(range.from(), none, null),
                    points,
                    measure.isGrouped() && group == null ? new Groups(List.of(), 0, null) : null,
                    kept,
                    asOf);
        }
        if (group != null) {
            return new HistoryAnswer(
                    metric,
                    range,
                    group,
                    whole(measure, range, found, group),
                    points,
                    null,
                    kept,
                    asOf);
        }
        Rollup merged = Rollup.merge(found.values(), Integer.MAX_VALUE);
        return new HistoryAnswer(
                metric,
                range,
                null,
                new Moment(range.from(), merged.all().value(measure.scale()), merged.all()),
                points,
                measure.isGrouped()
                        ? new Groups(
                                merged.ranked().stream().limit(limit).toList(),
                                merged.groups().size(),
                                merged.other())
                        : null,
                kept,
                asOf);
    }

    private static Moment whole(
            MeasurePlan measure, HistoryRange range, Map<Bucket, Rollup> found, String group) {
        Tally sum = null;
        boolean hidden = false;
        for (Rollup rollup : found.values()) {
            Tally tally = rollup.groups().get(group);
            hidden |= tally == null && rollup.other() != null;
            if (tally != null) {
                sum = sum == null ? tally : sum.plus(tally);
            }
        }
        return moment(measure, range.from(), sum, !hidden);
    }

    private static List<Moment> points(
            History history,
            Plan plan,
            MeasurePlan measure,
            HistoryRange range,
            String group,
            History.State state) {
        List<Bucket> buckets = range.buckets(measure);
        Map<Bucket, Rollup> found =
                group == null
                        ? history.store().readWhole(buckets)
                        : history.store().readGroup(buckets, group);
        OptionalLong begin = history.begin(measure);
        long since = begin.isEmpty() ? Long.MAX_VALUE : range.step().start(begin.getAsLong());
        long oldest = oldest(plan, range.step(), state);
        List<Moment> points = new ArrayList<>(buckets.size());
        for (Bucket bucket : buckets) {
            Rollup rollup = found.get(bucket);
            boolean known =
                    rollup == null
                            ? bucket.start() >= since
                                    && bucket.start() >= oldest
                                    && state != null
                                    && bucket.start() <= state.clock()
                            : group == null
                                    || rollup.groups().containsKey(group)
                                    || rollup.other() == null;
            Tally tally =
                    rollup == null
                            ? null
                            : group == null ? rollup.all() : rollup.groups().get(group);
            points.add(moment(measure, bucket.start(), tally, known));
        }
        return points;
    }

    /** Before that, what was there may be gone. */
    private static long oldest(Plan plan, Granularity step, History.State state) {
        Duration kept =
                switch (step) {
                    case MINUTE -> plan.history().minutes();
                    case HOUR -> plan.history().hours();
                    default -> plan.history().days();
                };
        return kept == null || state == null ? Long.MIN_VALUE : state.clock() - kept.toMillis();
    }

    /** A number, which is 0 where nothing was counted and that is known. */
    private static Moment moment(MeasurePlan measure, long start, Tally tally, boolean known) {
        if (tally != null) {
            return new Moment(start, tally.value(measure.scale()), tally);
        }
        return new Moment(
                start,
                known && FROM_ZERO.contains(measure.measure()) ? Long.valueOf(0) : null,
                null);
    }

    private static HistoryAnswer formula(
            History history,
            Plan plan,
            FormulaPlan formula,
            HistoryRange range,
            History.State state,
            int kept) {
        Map<String, HistoryAnswer> parts = new HashMap<>();
        for (String name : formula.formula().metrics()) {
            MeasurePlan measure = (MeasurePlan) plan.metric(name).orElseThrow();
            parts.put(name, find(history, plan, measure, range, null, 1, state));
        }
        List<Moment> points = new ArrayList<>(range.points());
        for (int i = 0; i < range.points(); i++) {
            int at = i;
            points.add(
                    new Moment(
                            range.from() + i * range.step().millis(),
                            evaluate(formula, name -> parts.get(name).points().get(at).value()),
                            null));
        }
        return new HistoryAnswer(
                formula,
                range,
                null,
                new Moment(
                        range.from(),
                        evaluate(formula, name -> parts.get(name).whole().value()),
                        null),
                points,
                null,
                kept,
                state == null ? null : Instant.ofEpochMilli(state.asOf()));
    }

    private static Number evaluate(FormulaPlan formula, Function<String, Number> values) {
        return Amount.of(
                formula.formula()
                        .evaluate(
                                name -> {
                                    Number value = values.apply(name);
                                    return value == null ? Double.NaN : value.doubleValue();
                                }));
    }

    private int scale() {
        return metric instanceof MeasurePlan measure ? measure.scale() : 0;
    }

    private Object key(String name) {
        return Shapes.key(metric, new Group(name, null, null));
    }

    /** As JSON. */
    Map<String, Object> shape() {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("metric", metric.name());
        shape.put("unit", metric.unit());
        shape.put("step", HistoryStep.name(range.step()));
        shape.put("from", Shapes.time(Instant.ofEpochMilli(range.from())));
        shape.put("to", Shapes.time(Instant.ofEpochMilli(range.to())));
        shape.put("asOf", Shapes.time(asOf));
        if (group != null) {
            shape.put("group", key(group));
        }
        put(shape, whole.value(), whole.tally());
        Stream.concat(Stream.of(whole), points.stream())
                .filter(Moment::isEstimated)
                .findFirst()
                .ifPresent(estimate -> shape.put("error", estimate.tally().error()));
        if (groups != null) {
            shape.put(
                    "groups",
                    groups.top().stream()
                            .map(
                                    one -> {
                                        Map<String, Object> row = new LinkedHashMap<>();
                                        row.put("key", key(one.getKey()));
                                        put(row, one.getValue().value(scale()), one.getValue());
                                        if (one.getValue().isEstimated()) {
                                            row.put("error", one.getValue().error());
                                        }
                                        return row;
                                    })
                            .toList());
            shape.put("totalGroups", groups.found());
            shape.put("groupsKept", kept);
            shape.put("other", groups.other() == null ? null : groups.other().value(scale()));
        }
        shape.put(
                "points",
                points.stream()
                        .map(
                                point -> {
                                    Map<String, Object> pair = new LinkedHashMap<>();
                                    pair.put("t", Shapes.time(Instant.ofEpochMilli(point.start())));
                                    put(pair, point.value(), point.tally());
                                    return pair;
                                })
                        .toList());
        return shape;
    }

    private void put(Map<String, Object> shape, Number value, Tally tally) {
        shape.put("value", value);
        switch (tally) {
            case Tally.Average average -> shape.put("count", average.count());
            case Tally.Numbers numbers ->
                    shape.put(
                            "percentiles",
                            Shapes.percentiles(Percentiles.of(numbers.numbers(), scale())));
            case Tally estimate when estimate.isEstimated() -> shape.put("estimated", true);
            case null, default -> {}
        }
    }

    /** As CSV: one line for each point. */
    String csv() {
        Measure measure = metric instanceof MeasurePlan one ? one.measure() : null;
        StringBuilder csv = new StringBuilder("time,value");
        if (measure == Measure.average) {
            csv.append(",count");
        } else if (measure == Measure.unique) {
            csv.append(",estimated");
        } else if (measure == Measure.percentiles) {
            Shapes.percentiles(Percentiles.of(new Distribution(), 0))
                    .keySet()
                    .forEach(name -> csv.append(',').append(name));
        }
        csv.append("\r\n");
        for (Moment point : points) {
            csv.append(Instant.ofEpochMilli(point.start())).append(',').append(text(point.value()));
            if (measure == Measure.average) {
                csv.append(',')
                        .append(point.tally() instanceof Tally.Average one ? one.count() : 0);
            } else if (measure == Measure.unique) {
                csv.append(',').append(point.isEstimated());
            } else if (measure == Measure.percentiles) {
                Shapes.percentiles(
                                Percentiles.of(
                                        point.tally() instanceof Tally.Numbers one
                                                ? one.numbers()
                                                : new Distribution(),
                                        scale()))
                        .values()
                        .forEach(value -> csv.append(',').append(text(value)));
            }
            csv.append("\r\n");
        }
        return csv.toString();
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> "";
            case BigDecimal number -> number.toPlainString();
            default -> value.toString();
        };
    }
}
