package dev.millrace.enricher;

import dev.millrace.enricher.table.TableRows;
import dev.millrace.pipeline.event.Rejected.Cause;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The enricher's metrics. What is counted before a crash is counted again after it; the streams
 * themselves are exact.
 *
 * <ul>
 *   <li>{@code millrace_enricher_events_total{stream}}: events that were made
 *   <li>{@code millrace_enricher_invalid_total{stream}}: events that were left out because they do
 *       not count in the stream that they are in
 *   <li>{@code millrace_enricher_rejected_total{stream,cause}}: events that went to the dead
 *       letters
 *   <li>{@code millrace_enricher_table_rows{table}}: rows in memory
 *   <li>{@code millrace_enricher_unreadable_rows_total{table}}: records of a table's topic that are
 *       no rows
 *   <li>{@code millrace_enricher_lag}: events in Kafka that this instance has not read yet
 *   <li>{@code millrace_enricher_restarts_total}: threads of Kafka Streams that failed and were
 *       replaced
 * </ul>
 */
public final class EnricherMeters {
    private static final Set<Cause> CAUSES =
            EnumSet.of(
                    Cause.missing,
                    Cause.type,
                    Cause.size,
                    Cause.malformed,
                    Cause.unmatched,
                    Cause.compute);

    private final MeterRegistry registry;
    private final Map<String, OfStream> streams = new ConcurrentHashMap<>();
    private final Map<String, TableRows> tables = new ConcurrentHashMap<>();
    private final Counter restarts;

    /** The metrics in a registry. */
    public EnricherMeters(MeterRegistry registry) {
        this.registry = registry;
        this.restarts = registry.counter("millrace.enricher.restarts");
    }

    /** The metrics of one stream that is made. */
    public static final class OfStream {
        private final Counter made;
        private final Counter invalid;
        private final Map<Cause, Counter> refused = new EnumMap<>(Cause.class);

        private OfStream(MeterRegistry registry, String stream) {
            this.made = registry.counter("millrace.enricher.events", "stream", stream);
            this.invalid = registry.counter("millrace.enricher.invalid", "stream", stream);
            for (Cause cause : CAUSES) {
                refused.put(
                        cause,
                        registry.counter(
                                "millrace.enricher.rejected",
                                "stream",
                                stream,
                                "cause",
                                cause.name()));
            }
        }

        /** An event was made. */
        public void made() {
            made.increment();
        }

        /** An event was left out. */
        public void invalid() {
            invalid.increment();
        }

        /** An event went to the dead letters. */
        public void refused(Cause cause) {
            refused.get(cause).increment();
        }
    }

    /** The metrics of a stream. */
    public OfStream of(String stream) {
        return streams.computeIfAbsent(stream, name -> new OfStream(registry, name));
    }

    /** Shows how many rows a table has; in place of those of an earlier run. */
    public void watch(String table, TableRows rows) {
        if (tables.put(table, rows) == null) {
            Gauge.builder("millrace.enricher.table.rows", () -> tables.get(table).size())
                    .tag("table", table)
                    .register(registry);
        }
    }

    /** Shows a lag that changes by itself. */
    public void watchLag(Supplier<Number> lag) {
        Gauge.builder("millrace.enricher.lag", lag).register(registry);
    }

    /** A record of a table's topic was no row. */
    public void unreadableRow(String table) {
        registry.counter("millrace.enricher.unreadable.rows", "table", table).increment();
    }

    /** A thread failed and was replaced. */
    public void restarted() {
        restarts.increment();
    }
}
