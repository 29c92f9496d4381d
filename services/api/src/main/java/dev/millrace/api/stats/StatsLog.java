package dev.millrace.api.stats;

import dev.millrace.api.json.Shapes;
import dev.millrace.api.window.Snapshot.Through;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How publishing goes. Also as metrics, where numbers are published:
 *
 * <ul>
 *   <li>{@code millrace_stats_lag_seconds}: since the topic had everything last; not a number at a
 *       replica that leaves it to another
 *   <li>{@code millrace_stats_messages_total}: messages sent by this one
 *   <li>{@code millrace_stats_failures_total}: times that Kafka failed this one
 *   <li>{@code millrace_stats_numbers}: numbers in the topic, where this one writes it
 *   <li>{@code millrace_stats_through}: where pages have their numbers through the topic 1, and 0
 *       while they have them from snapshots instead
 *   <li>{@code millrace_stats_delay_seconds}: from a snapshot until it came through the topic
 * </ul>
 *
 * Safe for use by many threads.
 */
public final class StatsLog {
    private final String topic;
    private final Counter messages;
    private final Counter failures;
    private final Timer delay;
    private Instant asOf;
    private Instant followed;
    private Long delayMillis;
    private Through page;
    private boolean writing;
    private int numbers;
    private String obstacle = "nothing was published yet";

    /**
     * A log in a registry of metrics.
     *
     * @param topic {@code null}: nothing is published
     */
    StatsLog(String topic, MeterRegistry registry) {
        this.topic = topic;
        messages =
                Counter.builder("millrace.stats.messages")
                        .description("Messages sent to the topic of numbers")
                        .register(registry);
        failures =
                Counter.builder("millrace.stats.failures")
                        .description("Times that Kafka failed the publisher of numbers")
                        .register(registry);
        Gauge.builder("millrace.stats.lag", this, log -> log.lag(Instant.now()))
                .baseUnit("seconds")
                .description("Time since the topic of numbers had everything last")
                .register(registry);
        Gauge.builder("millrace.stats.numbers", this, StatsLog::numbers)
                .description("Numbers in their topic")
                .register(registry);
        Gauge.builder("millrace.stats.through", this, StatsLog::through)
                .description("Whether pages have their numbers through the topic")
                .register(registry);
        delay =
                Timer.builder("millrace.stats.delay")
                        .description("From a snapshot until it came through the topic of numbers")
                        .publishPercentiles(0.5, 0.99)
                        .register(registry);
    }

    private synchronized double through() {
        return page == null ? Double.NaN : page.isTopic() ? 1 : 0;
    }

    private synchronized double lag(Instant now) {
        return asOf == null
                ? Double.NaN
                : Math.max(0, (now.toEpochMilli() - asOf.toEpochMilli()) / 1e3);
    }

    private synchronized double numbers() {
        return writing ? numbers : Double.NaN;
    }

    /** Messages were sent. */
    void sent(int count) {
        messages.increment(count);
    }

    /** The topic has everything as of a time. */
    synchronized void complete(Instant at, int count) {
        asOf = at;
        writing = true;
        numbers = count;
        obstacle = null;
    }

    /** Kafka failed. */
    synchronized void failed(String reason) {
        failures.increment();
        writing = false;
        obstacle = reason;
    }

    /** Nothing is sent, though it could be. */
    synchronized void waits(String reason) {
        writing = false;
        obstacle = reason;
    }

    /** Another replica writes. */
    synchronized void leaves(String reason) {
        waits(reason);
        asOf = null;
    }

    /**
     * What was written as of a time has come back.
     *
     * @param now the time; {@code null}: it had been there before
     */
    synchronized void followed(Instant at, Instant now) {
        followed = at;
        delayMillis = now == null ? null : Duration.between(at, now).toMillis();
        if (now != null && !now.isBefore(at)) {
            delay.record(Duration.between(at, now));
        }
    }

    /** Which way pages have their numbers now. */
    synchronized void page(Through through) {
        page = through;
    }

    /** How far it is: a part of the status; {@code null} where nothing is published. */
    public synchronized Map<String, Object> shape() {
        if (topic == null) {
            return null;
        }
        double lag = lag(Instant.now());
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("topic", topic);
        shape.put("asOf", asOf == null ? null : asOf.toString());
        shape.put("lagSeconds", Double.isNaN(lag) ? null : Math.round(lag));
        shape.put("writing", writing);
        shape.put("numbers", writing ? numbers : null);
        shape.put("messages", (long) messages.count());
        shape.put("failures", (long) failures.count());
        shape.put("waiting", obstacle);
        shape.put("page", page == null ? null : pageShape());
        return shape;
    }

    private Map<String, Object> pageShape() {
        Map<String, Object> shape = new LinkedHashMap<>();
        Shapes.putThrough(shape, page);
        shape.put("asOf", Shapes.time(followed));
        shape.put("delayMillis", delayMillis);
        return shape;
    }
}
