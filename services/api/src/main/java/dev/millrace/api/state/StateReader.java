package dev.millrace.api.state;

import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
import dev.millrace.api.window.Snapshot.DeadLetter;
import dev.millrace.api.window.Snapshot.Position;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.Clock;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.StateKeys;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Follows a pipeline's state in Redis: reads what changed since it was last asked, and makes a
 * {@link Snapshot} of it. Used by one thread.
 */
final class StateReader {
    /** A flush between two reads is caught up with; flushes without pause are not waited for. */
    private static final int ROUNDS = 3;

    /** While waiting: whatever is counted afterwards is read from the beginning. */
    private static final long NEVER_REACHED = Long.MAX_VALUE;

    /** What is 0 where nothing was counted; the others have no number then. */
    private static final Set<Measure> FROM_ZERO =
            EnumSet.of(Measure.count, Measure.sum, Measure.unique, Measure.latest);

    private final Plan plan;
    private final StateKeys keys;
    private final Map<String, MetricState> measures = new LinkedHashMap<>();
    private final PlanViews views;
    private final Map<String, List<WindowView>> empty = new LinkedHashMap<>();
    private final Set<String> unreadable = new LinkedHashSet<>();
    private String era;
    private long sequence = -1;
    private long reads;
    private boolean anothers;

    /** Whether what is in memory is what was counted at the positions of the last snapshot. */
    private boolean exact;

    private List<DeadLetter> deadLetters = List.of();
    private long deadLettersOf = -1;
    private Snapshot last;

    StateReader(Plan plan) {
        this.plan = plan;
        this.keys = new StateKeys(plan);
        this.views = new PlanViews(plan);
        plan.measures()
                .forEach(
                        measure -> {
                            measures.put(measure.name(), new MetricState(measure));
                            empty.put(measure.name(), nothing(measure));
                        });
        last =
                new Snapshot(
                        0,
                        Instant.EPOCH,
                        null,
                        new Condition(State.waiting, "Redis has not been read yet."),
                        Totals.NONE,
                        views(null),
                        List.of(),
                        List.of(),
                        List.of());
    }

    /** The last snapshot; before the first read, one without numbers. */
    Snapshot last() {
        return last;
    }

    /**
     * Whether Redis holds another plan's numbers, which this plan's have not caught up with yet.
     */
    boolean isBehind() {
        return anothers;
    }

    /** How many buckets are in memory. */
    int buckets() {
        return measures.values().stream().mapToInt(state -> state.slots().size()).sum();
    }

    /** Forgets everything read: the state may have gone back. */
    void reset() {
        measures.values().forEach(MetricState::reset);
        unreadable.clear();
        sequence = -1;
        era = null;
        exact = false;
        deadLetters = List.of();
        deadLettersOf = -1;
    }

    /**
     * Gives away what is in memory, where it is just what was counted at the positions of the last
     * snapshot; all is read anew then.
     *
     * @return by the metric's name; empty where it is not
     */
    Map<String, MetricState> handOver() {
        if (!exact || last.condition().state() != State.live) {
            return Map.of();
        }
        Map<String, MetricState> given = Map.copyOf(measures);
        measures.replaceAll((_, state) -> new MetricState(state.metric()));
        reset();
        return given;
    }

    /**
     * Reads what changed.
     *
     * @param time the time of day
     * @throws StateUnavailableException when Redis does not answer
     */
    Snapshot read(StateConnection redis, Instant time) throws InterruptedException {
        Head head = null;
        Instant now = null;
        boolean same = false;
        for (int round = 0; round < ROUNDS; round++) {
            head = Head.read(redis, keys, sequence);
            if (!plan.fingerprint().equals(head.fingerprint())) {
                return waiting(head, time);
            }
            if (!Objects.equals(era, head.era()) || head.sequence() < sequence) {
                reset();
                era = head.era();
            }
            anothers = false;
            sequence = head.sequence();
            now = now(time, head);
            exact = false;
            if (now == null || !readBuckets(redis, now, head.changed())) {
                same = true;
                break;
            }
            if (Head.readSequence(redis, keys) == sequence) {
                same = true;
                break;
            }
        }
        Totals totals = StateParts.totals(head.totals());
        readDeadLetters(redis, totals);
        exact = same && now != null;
        return publish(
                new Snapshot(
                        last.version(),
                        time,
                        now,
                        condition(),
                        totals,
                        views(now),
                        StateParts.positions(head.positions()),
                        StateParts.losses(head.losses()),
                        deadLetters));
    }

    /** The state is of another plan, or not there: this plan has counted nothing. */
    private Snapshot waiting(Head head, Instant time) {
        if (sequence != NEVER_REACHED) {
            reset();
            sequence = NEVER_REACHED;
        }
        Instant now = plan.clock() == Clock.wall ? time : null;
        if (now != null) {
            measures.values().forEach(state -> state.fillEmpty(now.toEpochMilli()));
        }
        anothers = head.isAnothers();
        String reason =
                head.fingerprint() == null
                        ? "Nothing has been counted yet; numbers appear once the processor runs."
                        : "The pipeline has changed: its numbers are being recounted from Kafka.";
        return publish(
                new Snapshot(
                        last.version(),
                        time,
                        now,
                        new Condition(State.waiting, reason),
                        Totals.NONE,
                        views(now),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    /** The numbers last read, with a word on why there are no newer ones. */
    Snapshot degraded(String reason, Instant asOf) {
        last = last.with(new Condition(State.degraded, reason, asOf));
        return last;
    }

    /** Numbers from elsewhere, until it reads again. */
    void use(Snapshot other) {
        last = other;
    }

    private Instant now(Instant time, Head head) {
        if (plan.clock() == Clock.wall) {
            return time;
        }
        long watermark =
                StateParts.positions(head.positions()).stream()
                        .mapToLong(Position::watermark)
                        .max()
                        .orElse(0);
        return watermark <= 0 ? null : Instant.ofEpochMilli(watermark);
    }

    /** Whether any had to be read. */
    private boolean readBuckets(StateConnection redis, Instant now, Collection<String> changed)
            throws InterruptedException {
        boolean any = false;
        reads++;
        for (MetricState state : measures.values()) {
            state.moveTo(now.toEpochMilli());
            Set<Slot> wanted =
                    changed.stream()
                            .map(state::slot)
                            .filter(Objects::nonNull)
                            .collect(Collectors.toCollection(LinkedHashSet::new));
            state.slots().stream()
                    .filter(slot -> slot.bucket() == null || state.isLeft(slot))
                    .forEach(wanted::add);
            if (!wanted.isEmpty()) {
                any = true;
                unreadable.removeIf(key -> wanted.contains(state.slot(StateKeys.bucketOf(key))));
                unreadable.addAll(new BucketReader(redis, state, reads).read(wanted));
            }
        }
        return any;
    }

    private Condition condition() {
        unreadable.removeIf(
                key ->
                        measures.values().stream()
                                .noneMatch(state -> state.slot(StateKeys.bucketOf(key)) != null));
        if (unreadable.isEmpty()) {
            return Condition.LIVE;
        }
        return new Condition(
                State.degraded,
                "In Redis the key "
                        + unreadable.iterator().next()
                        + " holds something that Millrace did not write, so its numbers count as 0;"
                        + " give the pipeline a Redis database of its own, or delete the key.");
    }

    /** Rejected events are read again when there are others. */
    private void readDeadLetters(StateConnection redis, Totals totals) throws InterruptedException {
        if (totals.invalid() != deadLettersOf) {
            deadLetters =
                    StateParts.deadLetters(
                            redis.await(redis.send().lrange(keys.recentDeadLetters(), 0, -1)));
            deadLettersOf = totals.invalid();
        }
    }

    private Snapshot publish(Snapshot next) {
        last = differs(next, last) ? next.version(last.version() + 1) : next;
        return last;
    }

    private boolean differs(Snapshot a, Snapshot b) {
        return !a.condition().equals(b.condition())
                || !a.totals().equals(b.totals())
                || !a.positions().equals(b.positions())
                || !a.losses().equals(b.losses())
                || plan.clock() == Clock.event && !Objects.equals(a.now(), b.now())
                || differs(a.views(), b.views());
    }

    private static boolean differs(List<WindowView> a, List<WindowView> b) {
        for (int i = 0; i < a.size(); i++) {
            if (a.get(i) != b.get(i)) {
                return true;
            }
        }
        return false;
    }

    /**
     * All metrics over all their windows.
     *
     * @param now {@code null}: nothing is counted
     */
    private List<WindowView> views(Instant now) {
        return views.of(
                metric ->
                        now == null
                                ? empty.get(metric.name())
                                : measures.get(metric.name()).views());
    }

    /** Before the first event. */
    private List<WindowView> nothing(MeasurePlan measure) {
        Long value = FROM_ZERO.contains(measure.measure()) ? 0L : null;
        return measure.windows().stream()
                .map(window -> WindowView.empty(measure, window, value, measure.isGrouped()))
                .toList();
    }
}
