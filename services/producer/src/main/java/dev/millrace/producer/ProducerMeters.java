package dev.millrace.producer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The producer's meters:
 *
 * <ul>
 *   <li>{@code millrace_producer_events_total{stream,source}}: events that Kafka acknowledged, from
 *       {@code http} or the {@code generator}
 *   <li>{@code millrace_producer_bytes_total{stream,source}}: their bytes, without keys; of a
 *       request that was only partly acknowledged none are counted
 *   <li>{@code millrace_producer_failed_events_total{stream,source}}: events that Kafka did not
 *       acknowledge
 *   <li>{@code millrace_producer_ack_seconds{stream}}: from the first record of a request to the
 *       last acknowledgement (timer with a histogram)
 *   <li>{@code millrace_producer_refused_requests_total{status}}: requests that were not answered
 *       with 202
 *   <li>{@code millrace_producer_in_flight_bytes}: bodies held now
 * </ul>
 */
public final class ProducerMeters {
    private final MeterRegistry registry;
    private final Map<Integer, Counter> refused = new ConcurrentHashMap<>();

    /** Where events come from. */
    public enum Source {
        /** The collector. */
        http,
        /** The generator. */
        generator
    }

    /**
     * The meters of one producer.
     *
     * @param inFlight bytes of bodies held now
     */
    public ProducerMeters(MeterRegistry registry, IntSupplier inFlight) {
        this.registry = registry;
        Gauge.builder("millrace.producer.in.flight", inFlight, IntSupplier::getAsInt)
                .baseUnit("bytes")
                .description("Bodies held now")
                .strongReference(true)
                .register(registry);
    }

    /** Counts a request that was refused. */
    public void refused(int status) {
        refused.computeIfAbsent(
                        status,
                        code ->
                                Counter.builder("millrace.producer.refused.requests")
                                        .description("Requests that were not answered with 202")
                                        .tag("status", Integer.toString(code))
                                        .register(registry))
                .increment();
    }

    /** The meters of one stream and source. */
    public Flow flow(String stream, Source source) {
        return new Flow(
                counter("events", "Events that Kafka acknowledged", stream, source),
                counter("bytes", "Bytes of events that Kafka acknowledged", stream, source),
                counter("failed.events", "Events not acknowledged", stream, source));
    }

    /** How long Kafka takes to acknowledge a stream's requests. */
    public Timer acknowledgement(String stream) {
        return Timer.builder("millrace.producer.ack")
                .description("From a request's first record to its last acknowledgement")
                .tag("stream", stream)
                .publishPercentileHistogram()
                .register(registry);
    }

    private Counter counter(String name, String description, String stream, Source source) {
        return Counter.builder("millrace.producer." + name)
                .description(description)
                .tag("stream", stream)
                .tag("source", source.name())
                .register(registry);
    }

    /** The meters of one stream and source. */
    public record Flow(Counter events, Counter bytes, Counter failed) {
        /** Counts events that Kafka acknowledged. */
        public void acknowledged(long count, long size) {
            events.increment(count);
            bytes.increment(size);
        }

        /** Counts events that Kafka did not acknowledge. */
        public void failed(long count) {
            failed.increment(count);
        }
    }
}
