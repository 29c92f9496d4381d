package dev.millrace.api.proof;

import dev.millrace.audit.recount.Bucket;
import dev.millrace.audit.recount.Contents;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.PackedEntries;
import dev.millrace.pipeline.state.PackedGroups;
import dev.millrace.pipeline.state.PackedPieces;
import dev.millrace.pipeline.state.PackedTotals;
import dev.millrace.pipeline.state.PackedValues;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.pipeline.state.StoredNumber;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Buckets in Redis, each with the positions in Kafka that its contents stand for. Reads only. For
 * one thread.
 */
final class LiveState {
    private static final int TRIES = 20;
    private static final int SETS_AT_ONCE = 1_000;

    private final Plan plan;
    private final StateKeys keys;
    private final RedisClusterAsyncCommands<String, String> redis;
    private final Duration patience;

    LiveState(Plan plan, RedisClusterAsyncCommands<String, String> redis, Duration patience) {
        this.plan = plan;
        this.keys = new StateKeys(plan);
        this.redis = redis;
        this.patience = patience;
    }

    /**
     * What holds for all buckets.
     *
     * @param fingerprint of the plan that counts; {@code null} where nothing was counted
     * @param era changes when the state may have gone back
     * @param positions by {@code TOPIC:PARTITION}, the next offset to count
     * @param watermark the highest event time of all, in milliseconds since 1970
     * @param losses by {@code TOPIC:PARTITION}, events that Kafka had dropped before they were
     *     counted
     */
    record Head(
            String fingerprint,
            String era,
            Map<String, Long> positions,
            long watermark,
            Map<String, Long> losses) {}

    /**
     * Contents of buckets at one time.
     *
     * @param era of the state then
     * @param positions what all of them stand for
     * @param tried how many of the first buckets were read
     * @param contents of each that could be read while nothing was added to it
     */
    record Captured(
            String era, Map<String, Long> positions, int tried, Map<Bucket, Contents> contents) {}

    Head head() {
        var meta = redis.hmget(keys.meta(), "fingerprint", "era");
        var positions = redis.hgetall(keys.positions());
        var losses = redis.hgetall(keys.losses());
        Map<String, Long> offsets = new HashMap<>();
        long watermark = 0;
        for (Map.Entry<String, String> position : await(positions).entrySet()) {
            String[] parts = position.getValue().split(":");
            offsets.put(position.getKey(), Long.valueOf(parts[0]));
            watermark = Math.max(watermark, Long.parseLong(parts[1]));
        }
        Map<String, Long> lost = new HashMap<>();
        await(losses).forEach((partition, events) -> lost.put(partition, Long.valueOf(events)));
        return new Head(
                await(meta).getFirst().getValueOrElse(null),
                await(meta).get(1).getValueOrElse(null),
                offsets,
                watermark,
                lost);
    }

    /**
     * The buckets that are there, by metric in the plan's order, oldest first.
     *
     * @param from those that are kept longer than until then only, in milliseconds since 1970
     */
    List<Bucket> buckets(long from) {
        List<String> there =
                await(
                        redis.zrangebyscore(
                                keys.expiries(),
                                Range.from(
                                        Range.Boundary.excluding(from / 1_000.0),
                                        Range.Boundary.unbounded())));
        Map<String, Map<String, Bucket>> found = new LinkedHashMap<>();
        plan.measures().forEach(metric -> found.put(metric.name(), new TreeMap<>()));
        for (String member : there) {
            String key = StateKeys.bucketOf(member.substring(1));
            int colon = key.indexOf(':');
            plan.measures()
                    .filter(metric -> metric.name().equals(key.substring(0, colon)))
                    .findFirst()
                    .flatMap(metric -> bucket(metric, key.substring(colon + 1)))
                    .ifPresent(bucket -> found.get(bucket.metric().name()).put(key, bucket));
        }
        return found.values().stream().flatMap(all -> all.values().stream()).toList();
    }

    private static Optional<Bucket> bucket(MeasurePlan metric, String stamp) {
        return metric.granularities().stream()
                .flatMap(
                        granularity ->
                                Stamps.start(granularity, stamp).stream()
                                        .mapToObj(start -> new Bucket(metric, granularity, start)))
                .findFirst();
    }

    /**
     * Reads the first of some buckets, as they are at one time. What was added to meanwhile is read
     * again, until nothing was between reading it and reading the positions.
     *
     * @param most about how many numbers and values at a time; one bucket may have more
     * @return how far it got: the contents of some of the first buckets are missing where they
     *     always changed meanwhile
     */
    Captured capture(List<Bucket> buckets, long most) {
        String era = head().era();
        Map<Bucket, Contents> contents = new LinkedHashMap<>();
        Map<Bucket, Double> versions = new HashMap<>();
        long held = 0;
        for (Bucket bucket : buckets) {
            if (held >= most) {
                break;
            }
            versions.put(bucket, versions(List.of(bucket)).getFirst());
            contents.put(bucket, read(bucket));
            held += contents.get(bucket).size();
        }
        List<Bucket> read = List.copyOf(contents.keySet());
        Head head = head();
        List<Bucket> changed = changed(read, versions);
        for (int attempt = 0; attempt < TRIES && !changed.isEmpty(); attempt++) {
            for (Bucket bucket : changed) {
                versions.put(bucket, versions(List.of(bucket)).getFirst());
                contents.put(bucket, read(bucket));
            }
            head = head();
            changed = changed(read, versions);
        }
        contents.keySet().removeAll(changed);
        return new Captured(era, head.positions(), read.size(), contents);
    }

    private List<Bucket> changed(List<Bucket> buckets, Map<Bucket, Double> since) {
        List<Double> now = versions(buckets);
        List<Bucket> changed = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            if (!Objects.equals(now.get(i), since.get(buckets.get(i)))) {
                changed.add(buckets.get(i));
            }
        }
        return changed;
    }

    /** The flushes that changed some buckets last; {@code null} for one that is gone. */
    private List<Double> versions(List<Bucket> buckets) {
        List<RedisFuture<Double>> answers = new ArrayList<>();
        for (Bucket bucket : buckets) {
            answers.add(redis.zscore(keys.changes(), bucket.key()));
        }
        List<Double> versions = new ArrayList<>();
        answers.forEach(answer -> versions.add(await(answer)));
        return versions;
    }

    private Contents read(Bucket bucket) {
        String key = bucket.key();
        MeasurePlan metric = bucket.metric();
        try {
            if (metric.isApproximate()) {
                return estimates(bucket);
            }
            if (metric.measure() == Measure.unique) {
                return metric.isGrouped() ? groupedValues(bucket) : values(key);
            }
            if (metric.isGrouped()
                    && (metric.measure() == Measure.count || metric.measure() == Measure.sum)) {
                return new Contents(
                        withPacked(
                                key,
                                metric.measure() == Measure.count
                                        ? scores(key)
                                        : await(redis.hgetall(key))),
                        Map.of());
            }
            boolean single =
                    !metric.isGrouped()
                            && switch (metric.measure()) {
                                case count, sum, min, max -> true;
                                default -> false;
                            };
            if (single) {
                String number = await(redis.get(key));
                return number == null ? Contents.EMPTY : new Contents(Map.of("", number), Map.of());
            }
            return new Contents(await(redis.hgetall(key)), Map.of());
        } catch (RedisCommandExecutionException | IllegalArgumentException e) {
            // Another type than Millrace writes: as wrong as can be.
            return new Contents(Map.of("", String.valueOf(e.getMessage())), Map.of());
        }
    }

    private Map<String, String> scores(String key) {
        Map<String, String> numbers = new HashMap<>();
        for (ScoredValue<String> group : await(redis.zrangeWithScores(key, 0, -1))) {
            double score = group.getScore();
            numbers.put(
                    group.getValue(),
                    score == Math.rint(score)
                            ? Long.toString((long) score)
                            : Double.toString(score));
        }
        return numbers;
    }

    private Contents values(String key) {
        PackedValues packed = packed(key, new PackedValues());
        Set<String> values = packed.toSet();
        values.addAll(await(redis.smembers(key)));
        return new Contents(Map.of(), values.isEmpty() ? Map.of() : Map.of("", values));
    }

    private Contents groupedValues(Bucket bucket) {
        Map<String, String> sizes = scores(bucket.key());
        Map<String, Set<String>> values = new HashMap<>();
        List<String> groups = List.copyOf(sizes.keySet());
        for (int i = 0; i < groups.size(); i += SETS_AT_ONCE) {
            List<String> some = groups.subList(i, Math.min(groups.size(), i + SETS_AT_ONCE));
            List<RedisFuture<Set<String>>> answers = new ArrayList<>();
            for (String group : some) {
                answers.add(
                        redis.smembers(StateKeys.groupSet(bucket.metric(), bucket.key(), group)));
            }
            for (int j = 0; j < some.size(); j++) {
                values.put(some.get(j), await(answers.get(j)));
            }
        }
        packed(bucket.key(), new PackedGroups())
                .toMap()
                .forEach((group, more) -> addPacked(group, more, sizes, values));
        return new Contents(sizes, values);
    }

    private Contents estimates(Bucket bucket) {
        Map<String, HyperLogLog> estimates = new HashMap<>();
        if (!bucket.metric().isGrouped()) {
            byte[] string = await(bytes(bucket.key()));
            if (string != null) {
                estimates.put("", HyperLogLog.ofRedis(string));
            }
            return Contents.ofEstimates(estimates);
        }
        List<String> groups = await(redis.zrange(bucket.key(), 0, -1));
        for (int i = 0; i < groups.size(); i += SETS_AT_ONCE) {
            List<String> some = groups.subList(i, Math.min(groups.size(), i + SETS_AT_ONCE));
            List<RedisFuture<byte[]>> answers =
                    some.stream()
                            .map(
                                    group ->
                                            bytes(
                                                    StateKeys.groupSet(
                                                            bucket.metric(), bucket.key(), group)))
                            .toList();
            for (int j = 0; j < some.size(); j++) {
                byte[] string = await(answers.get(j));
                estimates.put(
                        some.get(j),
                        string == null ? HyperLogLog.EMPTY : HyperLogLog.ofRedis(string));
            }
        }
        return Contents.ofEstimates(estimates);
    }

    /** What a set's size is said to be stays as right or wrong as it was. */
    private static void addPacked(
            String group,
            Set<String> more,
            Map<String, String> sizes,
            Map<String, Set<String>> values) {
        Set<String> all = new HashSet<>(values.getOrDefault(group, Set.of()));
        int before = all.size();
        all.addAll(more);
        values.put(group, all);
        long size = Long.parseLong(sizes.getOrDefault(group, "0"));
        sizes.put(group, Long.toString(size + all.size() - before));
    }

    private Map<String, String> withPacked(String key, Map<String, String> numbers) {
        Map<String, String> all = new HashMap<>(numbers);
        packed(key, new PackedTotals())
                .toMap()
                .forEach(
                        (group, number) ->
                                all.merge(
                                        group,
                                        Long.toString(number),
                                        (one, other) ->
                                                Long.toString(
                                                        StoredNumber.plus(
                                                                Long.parseLong(one),
                                                                Long.parseLong(other)))));
        return all;
    }

    /** What the packed part of a bucket has, where there is one. */
    private <T extends PackedEntries> T packed(String key, T entries) {
        PackedPieces.<RedisException>readAll(
                entries,
                (first, last) ->
                        await(
                                redis.dispatch(
                                        CommandType.GETRANGE,
                                        new ByteArrayOutput<>(StringCodec.UTF8),
                                        new CommandArgs<>(StringCodec.UTF8)
                                                .addKey(StateKeys.packed(key))
                                                .add(first)
                                                .add(last))));
        return entries;
    }

    private RedisFuture<byte[]> bytes(String key) {
        return redis.dispatch(
                CommandType.GET,
                new ByteArrayOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8).addKey(key));
    }

    /**
     * An answer.
     *
     * @throws io.lettuce.core.RedisException where there is none in time, or it is an error
     */
    private <T> T await(RedisFuture<T> answer) {
        if (!LettuceFutures.awaitAll(patience, answer)) {
            throw new RedisCommandTimeoutException(
                    "Redis did not answer within " + patience.toMillis() + " ms");
        }
        return answer.toCompletableFuture().join();
    }
}
