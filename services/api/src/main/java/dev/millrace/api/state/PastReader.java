package dev.millrace.api.state;

import dev.millrace.api.history.Bucket;
import dev.millrace.api.history.History;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
import dev.millrace.api.window.Snapshot.Position;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.Window;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
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
        return new PlanViews(plan).of(metric -> views(metric, state, known));
    }

    private List<WindowView> views(MeasurePlan metric, History.State state, Snapshot known) {
        if (metric.measure() == Measure.latest) {
            return PlanViews.known(metric, known);
        }
        MetricState buckets = new MetricState(metric);
        buckets.moveTo(state.clock());
        Map<Bucket, Slot> slots = new HashMap<>();
        buckets.forEach(
                (granularity, slot) ->
                        slots.put(new Bucket(metric, granularity, slot.start), slot));
        Map<Bucket, Rollup> rollups = history.read(slots.keySet());
        slots.forEach(
                (bucket, slot) ->
                        slot.put(
                                RollupBucket.bucket(metric, rollups.get(bucket), buckets.groups()),
                                1));
        return buckets.views().stream().map(view -> told(view, state)).toList();
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
        return PlanViews.since(state.clock() - kept.toMillis(), view);
    }
}
