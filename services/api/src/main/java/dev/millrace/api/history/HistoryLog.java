package dev.millrace.api.history;

import dev.millrace.pipeline.plan.Granularity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How writing goes. Also as metrics:
 *
 * <ul>
 *   <li>{@code millrace_history_lag_seconds}: since history was complete last, by whichever replica
 *   <li>{@code millrace_history_written_total{step}}: rollups of minutes, hours and days written by
 *       this one
 *   <li>{@code millrace_history_failures_total}: times that Redis or Mongo failed this one
 *   <li>{@code millrace_history_pending}: buckets that this one has yet to write
 * </ul>
 *
 * Safe for use by many threads.
 */
public final class HistoryLog {
    private final Map<Granularity, Counter> written = new EnumMap<>(Granularity.class);
    private final Counter failures;
    private Instant asOf;
    private boolean writing;
    private int pending;
    private String obstacle = "nothing was written yet";

    /** A log in a registry of metrics. */
    HistoryLog(MeterRegistry registry) {
        for (Granularity granularity : Granularity.values()) {
            written.put(
                    granularity,
                    Counter.builder("millrace.history.written")
                            .tag("step", HistoryStep.name(granularity))
                            .description("Rollups written to Mongo")
                            .register(registry));
        }
        failures =
                Counter.builder("millrace.history.failures")
                        .description("Times that Redis or Mongo failed the writer of history")
                        .register(registry);
        Gauge.builder("millrace.history.lag", this, log -> log.lag(Instant.now()))
                .baseUnit("seconds")
                .description("Time since history was complete last")
                .register(registry);
        Gauge.builder("millrace.history.pending", this, HistoryLog::pending)
                .description("Buckets that are yet to be written to Mongo")
                .register(registry);
    }

    /** How long ago history was complete; not a number where it never was. */
    private synchronized double lag(Instant now) {
        return asOf == null
                ? Double.NaN
                : Math.max(0, (now.toEpochMilli() - asOf.toEpochMilli()) / 1e3);
    }

    private synchronized double pending() {
        return pending;
    }

    /** A step was done. */
    synchronized void step(Rollups.Step step, int left) {
        step.written().forEach(entry -> written.get(entry.bucket().granularity()).increment());
        writing = step.obstacle() == null;
        obstacle = step.obstacle();
        pending = left;
    }

    /** How far history is written, by whomever. */
    synchronized void complete(long millis) {
        if (millis > 0) {
            asOf = Instant.ofEpochMilli(millis);
        }
    }

    /** A step could not be done. */
    synchronized void failed(String reason) {
        failures.increment();
        writing = false;
        obstacle = reason;
    }

    /** Nothing is written. */
    synchronized void waits(String reason) {
        writing = false;
        obstacle = reason;
    }

    /** How far it is: a part of the status. */
    public synchronized Map<String, Object> shape() {
        double lag = lag(Instant.now());
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("asOf", asOf == null ? null : asOf.toString());
        shape.put("lagSeconds", Double.isNaN(lag) ? null : Math.round(lag));
        shape.put("writing", writing);
        shape.put("pending", pending);
        shape.put(
                "written",
                List.copyOf(written.values()).stream().mapToLong(one -> (long) one.count()).sum());
        shape.put("failures", (long) failures.count());
        shape.put("waiting", obstacle);
        return shape;
    }
}
