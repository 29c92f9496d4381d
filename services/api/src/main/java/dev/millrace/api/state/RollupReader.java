package dev.millrace.api.state;

import dev.millrace.api.history.BucketSource;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.history.Tally;
import dev.millrace.api.proof.Stamps;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.StateKeys;

import org.apache.datasketches.hll.HllSketch;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads buckets of Redis for history, by a connection of its own, with the live readers. */
public final class RollupReader implements BucketSource {
    private final Plan plan;
    private final StateKeys keys;
    private final StateConnection redis;

    private RollupReader(Plan plan, StateConnection redis) {
        this.plan = plan;
        this.keys = new StateKeys(plan);
        this.redis = redis;
    }

    /**
     * Connects.
     *
     * @param patience how long each answer may take
     * @throws io.lettuce.core.RedisException when Redis cannot be reached
     */
    public static RollupReader open(
            Plan plan, LettuceConnectionFactory factory, Duration patience) {
        return new RollupReader(plan, StateConnection.open(factory, patience));
    }

    @Override
    public Head head(long after) throws InterruptedException {
        if (redis.isBroken()) {
            throw new IllegalStateException("the connection to Redis was interrupted");
        }
        dev.millrace.api.state.Head head =
                dev.millrace.api.state.Head.read(redis, keys, Math.max(0, after));
        Map<String, Position> positions = new HashMap<>();
        StateParts.positions(head.positions())
                .forEach(
                        one ->
                                positions.put(
                                        one.topic() + ":" + one.partition(),
                                        new Position(one.offset(), one.watermark())));
        Totals totals = StateParts.totals(head.totals());
        List<dev.millrace.api.history.Bucket> changed = new ArrayList<>();
        head.changed().forEach(key -> bucket(key).ifPresent(changed::add));
        return new Head(
                head.fingerprint(),
                head.era(),
                head.sequence(),
                Map.copyOf(positions),
                StateParts.losses(head.losses()).stream().mapToLong(loss -> loss.events()).sum(),
                totals.valid(),
                totals.invalid(),
                totals.late(),
                changed);
    }

    private Optional<dev.millrace.api.history.Bucket> bucket(String key) {
        int colon = key.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String stamp = key.substring(colon + 1);
        return plan.measures()
                .filter(metric -> metric.name().equals(key.substring(0, colon)))
                .findFirst()
                .flatMap(metric -> bucket(metric, stamp));
    }

    private static Optional<dev.millrace.api.history.Bucket> bucket(
            MeasurePlan metric, String stamp) {
        for (Granularity granularity : metric.granularities()) {
            OptionalLong start = Stamps.start(granularity, stamp);
            if (start.isPresent()) {
                return Optional.of(
                        new dev.millrace.api.history.Bucket(
                                metric, granularity, start.getAsLong()));
            }
        }
        return Optional.empty();
    }

    @Override
    public Map<dev.millrace.api.history.Bucket, Rollup> read(
            Collection<dev.millrace.api.history.Bucket> buckets) throws InterruptedException {
        Map<MeasurePlan, List<dev.millrace.api.history.Bucket>> byMetric = new LinkedHashMap<>();
        buckets.forEach(
                bucket ->
                        byMetric.computeIfAbsent(bucket.metric(), _ -> new ArrayList<>())
                                .add(bucket));
        Map<dev.millrace.api.history.Bucket, Rollup> read = new HashMap<>();
        for (Map.Entry<MeasurePlan, List<dev.millrace.api.history.Bucket>> entry :
                byMetric.entrySet()) {
            read(entry.getKey(), entry.getValue(), read);
        }
        return read;
    }

    private void read(
            MeasurePlan metric,
            List<dev.millrace.api.history.Bucket> buckets,
            Map<dev.millrace.api.history.Bucket, Rollup> read)
            throws InterruptedException {
        MetricState state = new MetricState(metric);
        List<Slot> slots =
                buckets.stream()
                        .map(
                                bucket ->
                                        new Slot(
                                                StateKeys.bucket(
                                                        metric,
                                                        bucket.granularity(),
                                                        bucket.start()),
                                                bucket.start()))
                        .toList();
        List<String> unreadable = new BucketReader(redis, state, 1).read(slots);
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            Rollup rollup =
                    unreadable.contains(slot.key) ? null : rollup(slot.bucket(), metric, state);
            if (rollup != null) {
                read.put(buckets.get(i), rollup);
            }
        }
    }

    /** What a bucket holds; {@code null} for nothing. */
    static Rollup rollup(Bucket bucket, MeasurePlan metric, MetricState state) {
        Names names = state.groups();
        return switch (bucket) {
            case Bucket.Total total ->
                    total.total() == 0 && metric.measure() == Measure.count
                            ? null
                            : Rollup.of(new Tally.Total(total.total()));
            case Bucket.Cells cells -> {
                Map<String, Tally> groups = new HashMap<>();
                for (int i = 0; i < cells.groups().length; i++) {
                    groups.put(names.text(cells.groups()[i]), new Tally.Total(cells.values()[i]));
                }
                yield groups.isEmpty() ? null : Rollup.of(new Tally.Total(cells.total()), groups);
            }
            case Bucket.Averages averages -> {
                Map<String, Tally> groups = new HashMap<>();
                for (int i = 0; i < averages.groups().length; i++) {
                    groups.put(
                            names.text(averages.groups()[i]),
                            new Tally.Average(averages.sums()[i], averages.counts()[i]));
                }
                yield averages.count() == 0
                        ? null
                        : Rollup.of(new Tally.Average(averages.sum(), averages.count()), groups);
            }
            case Bucket.Extremes extremes -> {
                Map<String, Tally> groups = new HashMap<>();
                for (int i = 0; i < extremes.groups().length; i++) {
                    groups.put(
                            names.text(extremes.groups()[i]),
                            new Tally.Extreme(extremes.greatest(), extremes.values()[i]));
                }
                yield extremes.best() == null
                        ? null
                        : Rollup.of(
                                new Tally.Extreme(extremes.greatest(), extremes.best()), groups);
            }
            case Bucket.Distributions distributions -> {
                Map<String, Tally> groups = new HashMap<>();
                for (int i = 0; i < distributions.groups().length; i++) {
                    groups.put(
                            names.text(distributions.groups()[i]),
                            new Tally.Numbers(distributions.values()[i]));
                }
                yield distributions.all().count() == 0
                        ? null
                        : Rollup.of(new Tally.Numbers(distributions.all()), groups);
            }
            case Bucket.Members members -> {
                HllSketch sketch = Tally.Unique.empty(Tally.Unique.WHOLE);
                for (int value : members.values()) {
                    sketch.update(state.values().key(value));
                }
                yield members.values().length == 0
                        ? null
                        : Rollup.of(new Tally.Unique((long) members.values().length, sketch));
            }
            case Bucket.GroupedMembers grouped -> grouped(grouped, state);
            case Bucket.Registers registers -> {
                Map<String, Tally> groups = new HashMap<>();
                for (int i = 0; i < registers.groups().length; i++) {
                    groups.put(
                            names.text(registers.groups()[i]),
                            new Tally.Estimate(registers.values()[i].small()));
                }
                yield registers.all().size() == 0
                        ? null
                        : Rollup.of(new Tally.Estimate(registers.all()), groups);
            }
            case Bucket.Sketches _, Bucket.Rows _ -> null;
        };
    }

    private static Rollup grouped(Bucket.GroupedMembers grouped, MetricState state) {
        HllSketch all = Tally.Unique.empty(Tally.Unique.WHOLE);
        Map<String, Tally> groups = new HashMap<>();
        for (int group = 0; group < grouped.members().length; group++) {
            int[] members = grouped.of(group);
            if (members == null || members.length == 0) {
                continue;
            }
            HllSketch sketch = Tally.Unique.empty(Tally.Unique.GROUP);
            for (int value : members) {
                byte[] key = state.values().key(value);
                sketch.update(key);
                all.update(key);
            }
            groups.put(state.groups().text(group), new Tally.Unique((long) members.length, sketch));
        }
        return groups.isEmpty() ? null : Rollup.of(new Tally.Unique(grouped.total(), all), groups);
    }

    @Override
    public void close() {
        redis.close();
    }
}
