package dev.millrace.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What the API measures of itself:
 *
 * <ul>
 *   <li>{@code millrace_api_tick_seconds}: reading Redis and adding up
 *   <li>{@code millrace_api_redis_errors_total}: reads that failed
 *   <li>{@code millrace_api_snapshot_age_seconds}: since Redis was last read
 *   <li>{@code millrace_api_buckets}: buckets in memory
 *   <li>{@code millrace_api_clients}: clients that stream now
 *   <li>{@code millrace_api_pushes_total}: updates made for them, each for all
 *   <li>{@code millrace_api_clients_behind_total}: times that a client was too slow for updates and
 *       was given a fresh snapshot instead
 *   <li>{@code millrace_api_clients_refused_total}: clients over the limit
 * </ul>
 */
public final class ApiMeters {
    private final MeterRegistry registry;
    private final Timer tick;
    private final Counter redisErrors;
    private final Counter pushes;
    private final Counter behind;
    private final Counter refused;

    /** Meters in a registry. */
    public ApiMeters(MeterRegistry registry) {
        this.registry = registry;
        this.tick =
                Timer.builder("millrace.api.tick")
                        .description("Reading Redis and adding up")
                        .publishPercentiles(0.5, 0.99)
                        .register(registry);
        this.redisErrors = counter("millrace.api.redis.errors", "Reads of Redis that failed");
        this.pushes = counter("millrace.api.pushes", "Updates made for streaming clients");
        this.behind =
                counter(
                        "millrace.api.clients.behind",
                        "Times that a slow client was given a fresh snapshot");
        this.refused = counter("millrace.api.clients.refused", "Clients over the limit");
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** Redis was read. */
    public void tick(Duration took) {
        tick.record(took);
    }

    /** Redis could not be read. */
    public void redisError() {
        redisErrors.increment();
    }

    /** An update was made. */
    public void push() {
        pushes.increment();
    }

    /** A client was too slow for updates. */
    public void behind() {
        behind.increment();
    }

    /** A client was over the limit. */
    public void refused() {
        refused.increment();
    }

    /** Watches the reader. */
    public void watchReader(Supplier<Number> ageSeconds, Supplier<Number> buckets) {
        Gauge.builder("millrace.api.snapshot.age", ageSeconds)
                .description("Time since Redis was last read")
                .baseUnit("seconds")
                .register(registry);
        gauge("millrace.api.buckets", "Buckets in memory", buckets);
    }

    /** Shows how many clients follow over WebSocket. */
    public void watchSockets(Supplier<Number> clients) {
        gauge("millrace.api.sockets", "Clients that follow over WebSocket now", clients);
    }

    /** Watches the clients. */
    public void watchClients(Supplier<Number> clients) {
        gauge("millrace.api.clients", "Clients that stream now", clients);
    }
}
