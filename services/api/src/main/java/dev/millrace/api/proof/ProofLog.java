package dev.millrace.api.proof;

import dev.millrace.api.proof.ProvenBucket.Result;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What came out of proofs since the start. Also as metrics: {@code
 * millrace_proof_buckets_total{result}}, and {@code millrace_proof_last_difference}, the largest
 * difference of the newest comparison that found one; 0 while none has. Safe for use by many
 * threads.
 */
public final class ProofLog {
    /** Where more differ, those will do that were found first. */
    private static final int MOST_DIFFERING = 100;

    private final Instant since = Instant.now();
    private final int kept;
    private final Map<Result, Counter> counters = new EnumMap<>(Result.class);
    private final Map<Result, Long> totals = new EnumMap<>(Result.class);
    private final Deque<ProvenBucket> recent = new ArrayDeque<>();
    private final Map<String, ProvenBucket> differing = new LinkedHashMap<>();
    private ProvenBucket lastDifferent;
    private Instant last;
    private String obstacle = "nothing was proven yet";

    /** A log in a registry of metrics. */
    ProofLog(MeterRegistry registry, int kept) {
        this.kept = kept;
        for (Result result : Result.values()) {
            counters.put(
                    result,
                    Counter.builder("millrace.proof.buckets")
                            .tag("result", result.name())
                            .description("Buckets that were recounted from the audit's records")
                            .register(registry));
            totals.put(result, 0L);
        }
        Gauge.builder("millrace.proof.last.difference", this::lastDifference)
                .description("Largest difference of the newest bucket that differed")
                .register(registry);
    }

    /**
     * Everything, at one time.
     *
     * @param since when this began: another time, another process
     * @param totals buckets since then
     * @param last when buckets were compared last; {@code null}: never
     * @param obstacle why none is compared now; {@code null} where some are
     * @param lastDifferent the newest bucket that differed; {@code null} where none did
     * @param differing the buckets that differed when they were compared last, the one that was
     *     found first first; at most 100
     * @param recent the newest, newest first
     */
    public record Report(
            Instant since,
            Map<Result, Long> totals,
            Instant last,
            String obstacle,
            ProvenBucket lastDifferent,
            List<ProvenBucket> differing,
            List<ProvenBucket> recent) {}

    private synchronized double lastDifference() {
        return lastDifferent == null ? 0 : lastDifferent.difference().largest().doubleValue();
    }

    /** Buckets were compared. */
    synchronized void add(Collection<ProvenBucket> proven) {
        for (ProvenBucket one : proven) {
            counters.get(one.result()).increment();
            totals.merge(one.result(), 1L, Long::sum);
            recent.addFirst(one);
            String key = one.bucket().key();
            if (one.result() == Result.different) {
                lastDifferent = one;
                if (differing.size() < MOST_DIFFERING || differing.containsKey(key)) {
                    differing.put(key, one);
                }
            } else if (one.result() == Result.equal) {
                differing.remove(key);
            }
            if (recent.size() > kept) {
                recent.removeLast();
            }
        }
        obstacle = null;
        last = Instant.now();
    }

    /** Only these buckets are still there: of others it does not matter how they differed. */
    synchronized void retain(Set<String> keys) {
        differing.keySet().retainAll(keys);
    }

    /** The keys of the buckets that differed when they were compared last. */
    synchronized List<String> differing() {
        return List.copyOf(differing.keySet());
    }

    /** Nothing can be compared now. */
    synchronized void waits(String reason) {
        obstacle = reason;
    }

    /** All of it. */
    public synchronized Report report() {
        return new Report(
                since,
                Map.copyOf(totals),
                last,
                obstacle,
                lastDifferent,
                List.copyOf(differing.values()),
                List.copyOf(recent));
    }
}
