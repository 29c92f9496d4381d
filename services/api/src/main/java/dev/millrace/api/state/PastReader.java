package dev.millrace.api.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.api.history.History;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.history.Tally;
import dev.millrace.api.window.Ranking;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
import dev.millrace.api.window.Snapshot.Position;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.FormulaPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.Window;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.HyperLogLog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes snapshots of history, for while Redis cannot be read. Its windows are those of when history
 * was complete last. Used by one thread.
 */
public final class PastReader {
    private final Plan plan;
    private final History history;
    private long made;

    /** A reader of one plan's history. */
    public PastReader(Plan plan, History history) {
        this.plan = plan;
        this.history = history;
    }

    /**
     * A snapshot, if history is newer than what is known and than the last one that was made.
     *
     * @param known the last numbers of Redis
     * @throws com.mongodb.MongoException where Mongo does not answer
     */
    Optional<Snapshot> read(Snapshot known) {
        if (history.obstacle().isPresent()) {
            return Optional.empty();
        }
        History.State state = history.state().orElse(null);
        boolean counted = known.condition().state() != State.waiting;
        if (state == null
                || state.clock() <= 0
                || counted && state.asOf() <= known.at().toEpochMilli()) {
            return Optional.empty();
        }
        Instant at = Instant.ofEpochMilli(state.asOf());
        Snapshot snapshot =
                new Snapshot(
                        known.version() + 1,
                        at,
                        Instant.ofEpochMilli(state.clock()),
                        new Condition(State.degraded, "", at),
                        new Totals(state.valid(), state.rejected(), state.late()),
                        views(state, known),
                        positions(state),
                        known.losses(),
                        known.deadLetters());
        made = state.asOf();
        return Optional.of(snapshot);
    }

    /** When the last snapshot is of, in milliseconds since 1970; 0 where none was made. */
    long made() {
        return made;
    }

    private static List<Position> positions(History.State state) {
        return state.positions().entrySet().stream()
                .map(
                        entry -> {
                            int colon = entry.getKey().lastIndexOf(':');
                            return new Position(
                                    entry.getKey().substring(0, colon),
                                    Integer.parseInt(entry.getKey().substring(colon + 1)),
                                    entry.getValue().offset(),
                                    entry.getValue().watermark());
                        })
                .sorted(Comparator.comparing(Position::topic).thenComparingInt(Position::partition))
                .toList();
    }

    private List<WindowView> views(History.State state, Snapshot known) {
        Map<String, Map<Window, WindowView>> byMetric = new LinkedHashMap<>();
        plan.measures()
                .forEach(
                        metric -> {
                            Map<Window, WindowView> views = new LinkedHashMap<>();
                            for (WindowView view : views(metric, state, known)) {
                                views.put(view.window(), view);
                            }
                            byMetric.put(metric.name(), views);
                        });
        List<WindowView> all = new ArrayList<>();
        for (MetricPlan metric : plan.metrics()) {
            if (metric instanceof FormulaPlan formula) {
                FormulaState computed = new FormulaState(formula);
                for (Window window : metric.windows()) {
                    all.add(computed.view(window, name -> byMetric.get(name).get(window)));
                }
            } else {
                all.addAll(byMetric.get(metric.name()).values());
            }
        }
        return List.copyOf(all);
    }

    private List<WindowView> views(MeasurePlan metric, History.State state, Snapshot known) {
        if (metric.measure() == Measure.latest) {
            // rows have no history
            return metric.windows().stream()
                    .map(
                            window ->
                                    known.view(metric.name(), window)
                                            .filter(view -> view.detail() != null)
                                            .orElseGet(() -> unknown(metric, window)))
                    .toList();
        }
        MetricState buckets = new MetricState(metric);
        buckets.moveTo(state.clock());
        Map<dev.millrace.api.history.Bucket, Slot> slots = new HashMap<>();
        for (Window window : metric.windows()) {
            long from =
                    window.isAll() ? 0 : window.from(state.clock()) - window.length().toMillis();
            long count = window.isAll() ? 1 : 2L * window.buckets();
            for (int i = 0; i < count; i++) {
                long start = window.isAll() ? 0 : from + i * window.granularity().millis();
                var bucket =
                        new dev.millrace.api.history.Bucket(metric, window.granularity(), start);
                slots.computeIfAbsent(
                        bucket,
                        _ ->
                                buckets.slot(
                                        dev.millrace.pipeline.state.StateKeys.bucket(
                                                metric, window.granularity(), start)));
            }
        }
        Map<dev.millrace.api.history.Bucket, Rollup> rollups = history.read(slots.keySet());
        slots.forEach(
                (bucket, slot) ->
                        slot.put(bucket(metric, rollups.get(bucket), buckets.groups()), 1));
        return buckets.views().stream().map(view -> told(view, state)).toList();
    }

    private static WindowView unknown(MeasurePlan metric, Window window) {
        return WindowView.empty(metric, window, null, metric.isGrouped());
    }

    /** A window without what history keeps no longer. */
    private WindowView told(WindowView view, History.State state) {
        Window window = view.window();
        Duration kept =
                switch (window.granularity()) {
                    case MINUTE -> plan.history().minutes();
                    case HOUR -> plan.history().hours();
                    case DAY -> plan.history().days();
                    case ALL -> null;
                };
        if (kept == null) {
            return view;
        }
        long oldest = state.clock() - kept.toMillis();
        boolean whole = view.from() >= oldest;
        if (whole && view.from() - window.length().toMillis() >= oldest) {
            return view;
        }
        return new WindowView(
                view.metric(),
                window,
                view.from(),
                view.to(),
                whole ? view.value() : null,
                null,
                whole || view.ranking() == null ? view.ranking() : Ranking.EMPTY,
                whole ? view.detail() : null,
                view.series().stream().filter(point -> point.seconds() * 1_000 >= oldest).toList());
    }

    /** A bucket of the live readers that holds what a rollup does. */
    private static Bucket bucket(MeasurePlan metric, Rollup rollup, Names names) {
        Map<String, Tally> named = new LinkedHashMap<>();
        if (rollup != null) {
            named.putAll(rollup.groups());
            if (rollup.other() != null) {
                named.put(GroupKey.OTHER, rollup.other());
            }
        }
        int[] groups = new int[named.size()];
        Tally[] tallies = new Tally[groups.length];
        if (rollup != null) {
            int i = 0;
            for (Map.Entry<String, Tally> group : named.entrySet()) {
                byte[] name = group.getKey().getBytes(UTF_8);
                groups[i] = names.index(name, 0, name.length);
                tallies[i++] = group.getValue();
            }
        }
        Tally all = rollup == null ? null : rollup.all();
        return switch (metric.measure()) {
            case count, sum -> {
                long total = all instanceof Tally.Total one ? one.number() : 0;
                yield metric.isGrouped()
                        ? new Bucket.Cells(groups, longs(tallies), total)
                        : new Bucket.Total(total);
            }
            case average -> {
                long[] counts = new long[groups.length];
                for (int i = 0; i < counts.length; i++) {
                    counts[i] = ((Tally.Average) tallies[i]).count();
                }
                yield all instanceof Tally.Average one
                        ? new Bucket.Averages(
                                groups, longs(tallies), counts, one.sum(), one.count())
                        : new Bucket.Averages(groups, longs(tallies), counts, 0, 0);
            }
            case min, max ->
                    new Bucket.Extremes(
                            metric.measure() == Measure.max,
                            groups,
                            longs(tallies),
                            all instanceof Tally.Extreme one ? one.number() : null);
            case percentiles -> {
                Distribution[] numbers = new Distribution[groups.length];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = ((Tally.Numbers) tallies[i]).numbers();
                }
                yield new Bucket.Distributions(
                        groups,
                        numbers,
                        all instanceof Tally.Numbers one ? one.numbers() : new Distribution());
            }
            case unique ->
                    metric.isApproximate()
                            ? registers(groups, tallies, all)
                            : sketches(groups, tallies, all);
            case latest -> throw new IllegalArgumentException("rows have no history");
        };
    }

    private static long[] longs(Tally[] tallies) {
        long[] numbers = new long[tallies.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    switch (tallies[i]) {
                        case Tally.Total one -> one.number();
                        case Tally.Average one -> one.sum();
                        case Tally.Extreme one -> one.number();
                        default -> 0;
                    };
        }
        return numbers;
    }

    private static Bucket sketches(int[] groups, Tally[] tallies, Tally all) {
        Tally.Unique[] values = new Tally.Unique[groups.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (Tally.Unique) tallies[i];
        }
        return new Bucket.Sketches(groups, values, (Tally.Unique) all);
    }

    private static Bucket registers(int[] groups, Tally[] tallies, Tally all) {
        HyperLogLog[] values = new HyperLogLog[groups.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((Tally.Estimate) tallies[i]).values();
        }
        return new Bucket.Registers(
                groups,
                new long[groups.length],
                values,
                all instanceof Tally.Estimate one ? one.values() : HyperLogLog.EMPTY);
    }
}
