package dev.millrace.audit;

import dev.millrace.audit.store.Written;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The audit's meters, by their names in Prometheus:
 *
 * <ul>
 *   <li>{@code millrace_audit_events_total{doc_type}}: events recorded as {@code success} or {@code
 *       failed}
 *   <li>{@code millrace_audit_duplicates_total}: events that had been recorded before, as after a
 *       restart
 *   <li>{@code millrace_audit_write_errors_total{kind}}: {@code store}: writes that failed and are
 *       tried again; {@code refused}: valid events recorded as failed because the store refused
 *       them; {@code dropped}: events of which the store took no record
 *   <li>{@code millrace_audit_lost_total}: events that were gone from Kafka before they were
 *       recorded
 *   <li>{@code millrace_audit_flush_seconds}: duration of writes, also of failed ones
 *   <li>{@code millrace_audit_batch_events}: events in a write
 *   <li>{@code millrace_audit_waiting_events}, {@code millrace_audit_waiting_bytes}: read, but not
 *       known to be written
 *   <li>{@code millrace_audit_lag_events}: in Kafka, but not read by this instance
 * </ul>
 */
public final class AuditMeters {
    private final Counter success;
    private final Counter failed;
    private final Counter duplicates;
    private final Counter storeErrors;
    private final Counter refused;
    private final Counter dropped;
    private final Counter lost;
    private final Timer flush;
    private final DistributionSummary batch;
    private final AtomicLong waitingEvents = new AtomicLong();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong lag = new AtomicLong();

    /** Registers the meters. */
    public AuditMeters(MeterRegistry registry) {
        success = registry.counter("millrace.audit.events", "doc_type", "success");
        failed = registry.counter("millrace.audit.events", "doc_type", "failed");
        duplicates = registry.counter("millrace.audit.duplicates");
        storeErrors = registry.counter("millrace.audit.write.errors", "kind", "store");
        refused = registry.counter("millrace.audit.write.errors", "kind", "refused");
        dropped = registry.counter("millrace.audit.write.errors", "kind", "dropped");
        lost = registry.counter("millrace.audit.lost");
        flush = registry.timer("millrace.audit.flush");
        batch = registry.summary("millrace.audit.batch.events");
        Gauge.builder("millrace.audit.waiting.events", waitingEvents, AtomicLong::get)
                .register(registry);
        Gauge.builder("millrace.audit.waiting.bytes", waitingBytes, AtomicLong::get)
                .register(registry);
        Gauge.builder("millrace.audit.lag.events", lag, AtomicLong::get).register(registry);
    }

    /** A write that was acknowledged. */
    public void written(Written written) {
        success.increment(written.success());
        failed.increment(written.failed() + written.refused());
        duplicates.increment(written.duplicates());
        refused.increment(written.refused());
        dropped.increment(written.dropped());
        batch.record(
                written.success()
                        + written.failed()
                        + written.duplicates()
                        + written.refused()
                        + written.dropped());
    }

    /** A write that failed and is to be tried again. */
    public void failedWrite() {
        storeErrors.increment();
    }

    /** How long a write took. */
    public void flushed(Duration duration) {
        flush.record(duration);
    }

    /** Events that Kafka does not have any more. */
    public void lost(long events) {
        lost.increment(events);
    }

    /** What is read, but not known to be written. */
    public void waiting(long events, long bytes) {
        waitingEvents.set(events);
        waitingBytes.set(bytes);
    }

    /** How many events are in Kafka, but not read. */
    public void lag(long events) {
        lag.set(events);
    }
}
