package dev.millrace.api.proof;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;

import dev.millrace.api.proof.LiveState.Captured;
import dev.millrace.api.proof.LiveState.Head;
import dev.millrace.api.proof.ProvenBucket.Result;
import dev.millrace.audit.recount.Bucket;
import dev.millrace.audit.recount.BucketRecount;
import dev.millrace.audit.recount.Contents;
import dev.millrace.audit.recount.RecordedPositions;
import dev.millrace.audit.recount.RecountLimits;
import dev.millrace.audit.recount.TooMuchException;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.resource.Clock;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares buckets in Redis with a recount of the audit's records. Both are taken at the very same
 * positions in Kafka: a bucket is read with the processor's positions, and of the records those
 * before these positions count, once the audit has them all. So a bucket that is still filling can
 * be proven as well as a closed one. For one thread.
 */
public final class Prover {
    /** Buckets that go so soon may be gone on one side only. */
    private static final Duration GOING = Duration.ofMinutes(1);

    /** Numbers and values in memory at a time, about. */
    private static final long HELD = 500_000;

    private static final long POLL_MILLIS = 200;

    private final Plan plan;
    private final LiveState live;
    private final BucketRecount recount;
    private final RecordedPositions recorded;

    /**
     * A prover of one plan.
     *
     * @param patience how long Redis may take for an answer
     * @param events the collection that the audit writes
     */
    public Prover(
            Plan plan,
            RedisClusterAsyncCommands<String, String> redis,
            Duration patience,
            MongoDatabase mongo,
            String events) {
        this.plan = plan;
        this.live = new LiveState(plan, redis, patience);
        this.recount = new BucketRecount(mongo, events);
        this.recorded = new RecordedPositions(mongo, events);
    }

    /**
     * How much a proof may take.
     *
     * @param behind how long the audit is waited for
     * @param longest how long reading its records may take, for the buckets of one stream
     */
    public record Limits(Duration behind, Duration longest) {}

    /** The pipeline's clock, in milliseconds since 1970. */
    public long now() {
        return plan.clock() == Clock.wall ? System.currentTimeMillis() : live.head().watermark();
    }

    /**
     * The buckets that Redis holds, and keeps for a while.
     *
     * @throws io.lettuce.core.RedisException where Redis does not answer
     */
    public List<Bucket> buckets() {
        return live.buckets(now() + GOING.toMillis());
    }

    /**
     * Why nothing can be proven now; empty where something can.
     *
     * @throws io.lettuce.core.RedisException where Redis does not answer
     */
    public Optional<String> obstacle() {
        String fingerprint = live.head().fingerprint();
        if (fingerprint == null || fingerprint.startsWith("emptying")) {
            return Optional.of("nothing is counted yet");
        }
        return fingerprint.equals(plan.fingerprint())
                ? Optional.empty()
                : Optional.of("the numbers in Redis are those of another manifest");
    }

    /**
     * Compares buckets. A difference is told only when it is there a second time.
     *
     * @throws io.lettuce.core.RedisException where Redis does not answer
     * @throws MongoException where the audit's store does not answer
     */
    public List<ProvenBucket> prove(Collection<Bucket> buckets, Limits limits)
            throws InterruptedException {
        Map<String, List<Bucket>> byStream = new LinkedHashMap<>();
        for (Bucket bucket : buckets) {
            byStream.computeIfAbsent(bucket.metric().stream(), any -> new ArrayList<>())
                    .add(bucket);
        }
        List<ProvenBucket> proven = new ArrayList<>();
        for (Map.Entry<String, List<Bucket>> entry : byStream.entrySet()) {
            StreamPlan stream = plan.stream(entry.getKey()).orElseThrow();
            List<ProvenBucket> first = prove(stream, entry.getValue(), limits);
            List<Bucket> doubtful = new ArrayList<>();
            for (ProvenBucket one : first) {
                if (one.result() == Result.different) {
                    doubtful.add(one.bucket());
                } else {
                    proven.add(one);
                }
            }
            if (!doubtful.isEmpty()) {
                proven.addAll(explained(stream, prove(stream, doubtful, limits)));
            }
        }
        return proven;
    }

    private List<ProvenBucket> explained(StreamPlan stream, List<ProvenBucket> proven) {
        if (proven.stream().noneMatch(one -> one.result() == Result.different)) {
            return proven;
        }
        long refused = recount.refused(stream);
        if (refused == 0) {
            return proven;
        }
        String reason =
                "the audit's store refused "
                        + refused
                        + " valid events, which a recount misses; the audit's log names them";
        return proven.stream()
                .map(
                        one ->
                                one.result() == Result.different
                                        ? ProvenBucket.skipped(one.bucket(), reason)
                                        : one)
                .toList();
    }

    private List<ProvenBucket> prove(StreamPlan stream, List<Bucket> buckets, Limits limits)
            throws InterruptedException {
        List<ProvenBucket> proven = new ArrayList<>();
        List<Bucket> possible = new ArrayList<>();
        Head head = live.head();
        for (Bucket bucket : buckets) {
            obstacle(stream, bucket, head)
                    .ifPresentOrElse(
                            reason -> proven.add(ProvenBucket.skipped(bucket, reason)),
                            () -> possible.add(bucket));
        }
        for (int done = 0; done < possible.size(); ) {
            List<Bucket> left = possible.subList(done, possible.size());
            Captured captured = live.capture(left, HELD);
            List<Bucket> tried = left.subList(0, captured.tried());
            for (Bucket bucket : tried) {
                if (!captured.contents().containsKey(bucket)) {
                    proven.add(
                            ProvenBucket.skipped(bucket, "it changes faster than it can be read"));
                }
            }
            if (!live.head().era().equals(captured.era())) {
                proven.addAll(
                        skipped(
                                captured.contents().keySet(),
                                "partitions were taken over meanwhile"));
            } else if (!captured.contents().isEmpty()) {
                proven.addAll(compare(stream, captured, limits));
            }
            done += tried.size();
        }
        return proven;
    }

    /** Why a bucket cannot be compared, as far as that is known before. */
    private Optional<String> obstacle(StreamPlan stream, Bucket bucket, Head head) {
        if (!BucketRecount.isPossible(bucket.metric())) {
            return Optional.of(
                    "the measure " + bucket.metric().measure() + " is not recounted by buckets");
        }
        long lost =
                head.losses().entrySet().stream()
                        .filter(loss -> isOf(stream, loss.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
        if (lost > 0) {
            return Optional.of(
                    lost
                            + " events were gone from Kafka before they could be counted, so Redis has fewer than the audit may have");
        }
        Duration kept = plan.audit().retention();
        if (kept == null) {
            return Optional.empty();
        }
        if (bucket.granularity() == Granularity.ALL) {
            return Optional.of("the audit does not keep all events: audit.retention is set");
        }
        return bucket.start() < System.currentTimeMillis() - kept.toMillis() + GOING.toMillis()
                ? Optional.of("the audit keeps events for a shorter time: see audit.retention")
                : Optional.empty();
    }

    private static boolean isOf(StreamPlan stream, String partition) {
        return partition.substring(0, partition.lastIndexOf(':')).equals(stream.topic().name());
    }

    private List<ProvenBucket> compare(StreamPlan stream, Captured captured, Limits limits)
            throws InterruptedException {
        Map<Bucket, Contents> live = captured.contents();
        Map<String, Long> positions = new HashMap<>(captured.positions());
        positions.keySet().removeIf(partition -> !isOf(stream, partition));
        Optional<String> missing = awaitRecords(stream, positions, limits.behind());
        if (missing.isPresent()) {
            return skipped(live.keySet(), missing.get());
        }
        long deadline = System.nanoTime() + limits.longest().toNanos();
        try {
            Map<Bucket, Contents> counted =
                    recount.count(stream, live.keySet(), positions, RecountLimits.until(deadline));
            return live.entrySet().stream()
                    .map(
                            one ->
                                    ProvenBucket.compared(
                                            one.getKey(),
                                            one.getValue(),
                                            counted.get(one.getKey())))
                    .toList();
        } catch (TooMuchException e) {
            return skipped(
                    live.keySet(),
                    "reading the records takes longer than " + limits.longest().toMillis() + " ms");
        } catch (ArithmeticException e) {
            return skipped(live.keySet(), "a sum goes beyond 64 bits");
        }
    }

    private static List<ProvenBucket> skipped(Collection<Bucket> buckets, String reason) {
        return buckets.stream().map(bucket -> ProvenBucket.skipped(bucket, reason)).toList();
    }

    /** The buckets that no event can be added to any more, unless counting is far behind. */
    List<Bucket> closed(List<Bucket> buckets) {
        long now = now();
        return buckets.stream().filter(bucket -> isClosed(bucket, now)).toList();
    }

    private boolean isClosed(Bucket bucket, long now) {
        Duration lateness = plan.stream(bucket.metric().stream()).orElseThrow().lateness();
        return bucket.granularity() != Granularity.ALL
                && bucket.end() + lateness.toMillis() + GOING.toMillis() < now;
    }

    /** Waits until the audit has all events before some positions; else says why not. */
    private Optional<String> awaitRecords(
            StreamPlan stream, Map<String, Long> positions, Duration longest)
            throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            Map<String, Long> known = recorded.read(stream.topic().name());
            long behind = 0;
            for (Map.Entry<String, Long> position : positions.entrySet()) {
                long there = known.getOrDefault(position.getKey(), 0L);
                behind += Math.max(0, position.getValue() - there);
            }
            if (behind == 0) {
                return Optional.empty();
            }
            if (System.nanoTime() - deadline > 0) {
                return Optional.of(
                        "the audit is " + behind + " events behind what is counted in Redis");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
