package dev.millrace.api.sink;

import dev.millrace.pipeline.plan.SinkPlan;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How writing to a sink goes. Also as metrics, each with {@code sink}:
 *
 * <ul>
 *   <li>{@code millrace_sink_lag_seconds}: since the sink had everything last, by whichever replica
 *   <li>{@code millrace_sink_points_total}: points written by this one
 *   <li>{@code millrace_sink_refused_total}: points left out, as the server refused them for what
 *       they are
 *   <li>{@code millrace_sink_failures_total}: times that the server, Redis or Mongo failed this one
 *   <li>{@code millrace_sink_pending}: buckets that this one has yet to write
 * </ul>
 *
 * Safe for use by many threads.
 */
final class SinkLog {
    private final String name;
    private final Counter points;
    private final Counter refused;
    private final Counter failures;
    private Instant asOf;
    private boolean writing;
    private int pending;
    private String obstacle = "nothing was written yet";
    private String refusal;

    /** A log in a registry of metrics. */
    SinkLog(SinkPlan sink, MeterRegistry registry) {
        name = sink.name();
        points = counter("points", "Points written to the sink", registry);
        refused = counter("refused", "Points left out, as the sink refused them", registry);
        failures = counter("failures", "Times that the sink, Redis or Mongo failed it", registry);
        Gauge.builder("millrace.sink.lag", this, log -> log.lag(Instant.now()))
                .tag("sink", name)
                .baseUnit("seconds")
                .description("Time since the sink had everything last")
                .register(registry);
        Gauge.builder("millrace.sink.pending", this, SinkLog::pending)
                .tag("sink", name)
                .description("Buckets that are yet to be written to the sink")
                .register(registry);
    }

    private Counter counter(String what, String description, MeterRegistry registry) {
        return Counter.builder("millrace.sink." + what)
                .tag("sink", name)
                .description(description)
                .register(registry);
    }

    private synchronized double lag(Instant now) {
        return asOf == null
                ? Double.NaN
                : Math.max(0, (now.toEpochMilli() - asOf.toEpochMilli()) / 1e3);
    }

    private synchronized double pending() {
        return pending;
    }

    void written(int count) {
        points.increment(count);
    }

    /** Points were left out. */
    synchronized void refused(int count, String reason) {
        refused.increment(count);
        refusal = reason;
    }

    /** A step was done. */
    synchronized void step(String waits, int left) {
        writing = waits == null;
        obstacle = waits;
        pending = left;
    }

    /** How far it is written, by whomever. */
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
    synchronized Map<String, Object> shape() {
        double lag = lag(Instant.now());
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", name);
        shape.put("asOf", asOf == null ? null : asOf.toString());
        shape.put("lagSeconds", Double.isNaN(lag) ? null : Math.round(lag));
        shape.put("writing", writing);
        shape.put("pending", pending);
        shape.put("points", (long) points.count());
        shape.put("refused", (long) refused.count());
        shape.put("failures", (long) failures.count());
        shape.put("waiting", obstacle);
        shape.put("refusal", refusal);
        return shape;
    }
}
