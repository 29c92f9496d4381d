package dev.millrace.processor;

import dev.millrace.pipeline.event.Rejected.Cause;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The processor's metrics.
 *
 * <ul>
 *   <li>{@code millrace_processor_events_total}: events that counted and are in Redis
 *   <li>{@code millrace_processor_rejected_total{cause}}: events that went to the dead letters
 *   <li>{@code millrace_processor_lost_total}: events that were gone from Kafka before they could
 *       be counted
 *   <li>{@code millrace_processor_flush_seconds}: time from sending a flush to its answer
 *   <li>{@code millrace_processor_flush_writes_total}: writes that flushes carried
 *   <li>{@code millrace_processor_flush_refused_total}: flushes that Redis refused because the
 *       state had moved: read again
 *   <li>{@code millrace_processor_flush_failed_total}: flushes without an answer: read again
 *   <li>{@code millrace_processor_write_failed_total}: single writes that Redis refused; 0 unless
 *       keys are meddled with
 *   <li>{@code millrace_processor_repacked_total}: packed parts of buckets that were packed anew
 *   <li>{@code millrace_processor_partitions}: partitions that this instance counts
 *   <li>{@code millrace_processor_lag}: events in Kafka that this instance has not read yet
 * </ul>
 */
public final class ProcessorMeters {
    private final Counter events;
    private final Map<Cause, Counter> rejected = new EnumMap<>(Cause.class);
    private final Counter lost;
    private final Timer flush;
    private final Counter writes;
    private final Counter refused;
    private final Counter failed;
    private final Counter writeFailed;
    private final Counter repacked;
    private final MeterRegistry registry;

    /** The metrics in a registry. */
    public ProcessorMeters(MeterRegistry registry) {
        this.registry = registry;
        this.events = registry.counter("millrace.processor.events");
        for (Cause cause : Cause.values()) {
            rejected.put(
                    cause, registry.counter("millrace.processor.rejected", "cause", cause.name()));
        }
        this.lost = registry.counter("millrace.processor.lost");
        this.flush =
                Timer.builder("millrace.processor.flush")
                        .publishPercentileHistogram()
                        .register(registry);
        this.writes = registry.counter("millrace.processor.flush.writes");
        this.refused = registry.counter("millrace.processor.flush.refused");
        this.failed = registry.counter("millrace.processor.flush.failed");
        this.writeFailed = registry.counter("millrace.processor.write.failed");
        this.repacked = registry.counter("millrace.processor.repacked");
    }

    /** Shows numbers that change by themselves. */
    public void watch(Supplier<Number> partitions, Supplier<Number> lag) {
        Gauge.builder("millrace.processor.partitions", partitions).register(registry);
        Gauge.builder("millrace.processor.lag", lag).register(registry);
    }

    /** A flush was applied. */
    public void applied(
            long valid,
            Map<Cause, Long> causes,
            long lostEvents,
            int written,
            Duration took,
            int failedWrites) {
        events.increment(valid);
        causes.forEach((cause, count) -> rejected.get(cause).increment(count));
        lost.increment(lostEvents);
        writes.increment(written);
        flush.record(took);
        writeFailed.increment(failedWrites);
    }

    /** A packed part of a bucket was packed anew. */
    public void repacked() {
        repacked.increment();
    }

    /** A flush was refused. */
    public void refused() {
        refused.increment();
    }

    /** A flush got no answer. */
    public void failed() {
        failed.increment();
    }
}
