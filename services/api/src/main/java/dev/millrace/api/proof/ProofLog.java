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
import java.util.List;
import java.util.Map;

/**
 * What came out of proofs since the start. Also as metrics: {@code
 * millrace_proof_buckets_total{result}}, and {@code millrace_proof_last_difference}, the largest
 * difference of the newest comparison that found one; 0 while none has. Safe for use by many
 * threads.
 */
public final class ProofLog {
    private final int kept;
    private final Map<Result, Counter> counters = new EnumMap<>(Result.class);
    private final Map<Result, Long> totals = new EnumMap<>(Result.class);
    private final Deque<ProvenBucket> recent = new ArrayDeque<>();
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
     * @param totals buckets since the start
     * @param last when buckets were compared last; {@code null}: never
     * @param obstacle why none is compared now; {@code null} where some are
     * @param lastDifferent the newest bucket that differed; {@code null} where none did
     * @param recent the newest, newest first
     */
    public record Report(
            Map<Result, Long> totals,
            Instant last,
            String obstacle,
            ProvenBucket lastDifferent,
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
            if (one.result() == Result.different) {
                lastDifferent = one;
            }
            if (recent.size() > kept) {
                recent.removeLast();
            }
        }
        obstacle = null;
        last = Instant.now();
    }

    /** Nothing can be compared now. */
    synchronized void waits(String reason) {
        obstacle = reason;
    }

    /** All of it. */
    public synchronized Report report() {
        return new Report(Map.copyOf(totals), last, obstacle, lastDifferent, List.copyOf(recent));
    }
}
