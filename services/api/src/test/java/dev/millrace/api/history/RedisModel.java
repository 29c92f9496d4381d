package dev.millrace.api.history;

import dev.millrace.api.history.BucketSource.Head;
import dev.millrace.api.history.BucketSource.Position;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * Redis and the processor, as far as history depends on them: what Redis holds is what the events
 * before its positions come to. When it goes back it is what it was some flushes ago, in all its
 * parts; the processor finds that out partition by partition, when it flushes.
 */
final class RedisModel implements BucketSource {
    private static final int FORMER = 40;
    private static final int NONE = -1;
    private static final int NOT_TAKEN = -2;

    private final Plan plan;
    private final BiFunction<MeasurePlan, List<Event>, Rollup> rollup;
    private final List<List<Event>> log = new ArrayList<>();
    private final Random random;
    private final Deque<State> former = new ArrayDeque<>();

    /** Where the processor believes that Redis is. */
    private final int[] believed;

    /** The oldest events that Kafka has. */
    private final int[] oldest;

    private final Map<Granularity, Map<Long, List<At>>> byStart = new EnumMap<>(Granularity.class);

    private State state;

    /** Where an event is. */
    private record At(int partition, int offset) {}

    /** An event of a partition. */
    record Event(int partition, long time, String page, long price) {}

    /** All that a flush changes at once. The changes are in order. */
    private record State(
            boolean begun,
            String era,
            long sequence,
            int[] positions,
            List<BitSet> counted,
            long lost,
            Map<Bucket, Long> changes) {

        State copy(boolean isBegun, String newEra, long newSequence, long newLost) {
            return new State(
                    isBegun,
                    newEra,
                    newSequence,
                    positions.clone(),
                    counted.stream().map(events -> (BitSet) events.clone()).toList(),
                    newLost,
                    new LinkedHashMap<>(changes));
        }
    }

    RedisModel(
            Plan plan,
            int partitions,
            List<Event> events,
            BiFunction<MeasurePlan, List<Event>, Rollup> rollup,
            Random random) {
        this.plan = plan;
        this.rollup = rollup;
        this.random = random;
        for (int partition = 0; partition < partitions; partition++) {
            int one = partition;
            log.add(events.stream().filter(event -> event.partition() == one).toList());
            for (int offset = 0; offset < log.get(one).size(); offset++) {
                for (Granularity granularity : Granularity.values()) {
                    byStart.computeIfAbsent(granularity, _ -> new HashMap<>())
                            .computeIfAbsent(
                                    granularity.start(log.get(one).get(offset).time()),
                                    _ -> new ArrayList<>())
                            .add(new At(one, offset));
                }
            }
        }
        believed = new int[partitions];
        oldest = new int[partitions];
        wipe(0);
    }

    /** Counts some events of a partition, unless the processor has to take it first. */
    void flush(int partition, int events) {
        if (!state.begun()) {
            state = state.copy(true, era(), state.sequence(), 0);
            Arrays.fill(believed, NOT_TAKEN);
        }
        if (believed[partition] != state.positions()[partition]) {
            take(partition);
        }
        int from = Math.max(believed[partition], oldest[partition]);
        int to = Math.min(log.get(partition).size(), from + events);
        former.addLast(state);
        if (former.size() > FORMER) {
            former.removeFirst();
        }
        int gone = from - Math.max(0, believed[partition]);
        state = state.copy(true, state.era(), state.sequence() + 1, state.lost() + gone);
        state.positions()[partition] = to;
        state.counted().get(partition).set(from, to);
        for (Event event : log.get(partition).subList(from, to)) {
            for (Bucket bucket : buckets(event)) {
                state.changes().remove(bucket);
                state.changes().put(bucket, state.sequence());
            }
        }
        believed[partition] = to;
    }

    /** The processor takes a partition, which tells it the position. */
    void take(int partition) {
        state = state.copy(state.begun(), era(), state.sequence(), state.lost());
        believed[partition] = state.positions()[partition];
    }

    /** Is what it was some flushes ago. */
    void goBack(int flushes) {
        for (int i = 0; i < flushes && !former.isEmpty(); i++) {
            state = former.removeLast();
        }
    }

    /** Is emptied, or found torn. */
    void wipe(long sequence) {
        int[] none = new int[log.size()];
        Arrays.fill(none, NONE);
        List<BitSet> nothing = log.stream().map(_ -> new BitSet()).toList();
        state = new State(false, null, sequence, none, nothing, 0, new LinkedHashMap<>());
    }

    /** Kafka drops the oldest events of a partition. */
    void drop(int partition, int events) {
        oldest[partition] = events;
    }

    /** Number of the newest flush. */
    long sequence() {
        return state.sequence();
    }

    /** Whether all is counted. */
    boolean isDone() {
        for (int partition = 0; partition < log.size(); partition++) {
            if (left(partition) > 0) {
                return false;
            }
        }
        return true;
    }

    /** How many events of a partition are to be counted. */
    int left(int partition) {
        return log.get(partition).size() - Math.max(0, state.positions()[partition]);
    }

    /** The time of the next event that will be counted. */
    long next() {
        long next = Long.MAX_VALUE;
        for (int partition = 0; partition < log.size(); partition++) {
            if (left(partition) > 0) {
                int at = Math.max(0, state.positions()[partition]);
                next = Math.min(next, log.get(partition).get(at).time());
            }
        }
        return next;
    }

    private String era() {
        return "era-" + random.nextLong();
    }

    @Override
    public Head head(long after) {
        Map<String, Position> positions = new HashMap<>();
        for (int partition = 0; partition < log.size(); partition++) {
            if (state.positions()[partition] >= 0) {
                positions.put("orders:" + partition, new Position(state.positions()[partition], 0));
            }
        }
        return new Head(
                state.begun() ? plan.fingerprint() : null,
                state.era(),
                state.sequence(),
                positions,
                state.lost(),
                0,
                0,
                0,
                after >= state.sequence() ? List.of() : changed(after));
    }

    private List<Bucket> changed(long after) {
        return state.changes().entrySet().stream()
                .filter(change -> change.getValue() > after)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public Map<Bucket, Rollup> read(Collection<Bucket> buckets) {
        Map<Bucket, Rollup> read = new HashMap<>();
        for (Bucket bucket : buckets) {
            List<Event> events =
                    byStart
                            .getOrDefault(bucket.granularity(), Map.of())
                            .getOrDefault(bucket.start(), List.of())
                            .stream()
                            .filter(at -> state.counted().get(at.partition()).get(at.offset()))
                            .map(at -> log.get(at.partition()).get(at.offset()))
                            .toList();
            if (!events.isEmpty()) {
                read.put(bucket, rollup.apply(bucket.metric(), events));
            }
        }
        return read;
    }

    private List<Bucket> buckets(Event event) {
        return plan.measures()
                .flatMap(
                        metric ->
                                metric.granularities().stream()
                                        .map(
                                                granularity ->
                                                        new Bucket(
                                                                metric,
                                                                granularity,
                                                                granularity.start(event.time()))))
                .toList();
    }

    @Override
    public void close() {}
}
