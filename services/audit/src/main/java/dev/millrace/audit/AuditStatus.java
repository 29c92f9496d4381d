package dev.millrace.audit;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether events are being recorded, for people and for readiness: up as long as Kafka has been
 * joined and Mongo answers. Safe for use by many threads.
 */
public final class AuditStatus implements HealthIndicator {
    private String log = "Waiting for Kafka";
    private String store = "Mongo has not answered yet";
    private String schemas;
    private Instant since = Instant.now();
    private long waiting;

    /** The log is being read. */
    public synchronized void reading() {
        log = null;
    }

    /** The log cannot be read; the reason says why. */
    public synchronized void notReading(String reason) {
        log = reason;
    }

    /**
     * Some partitions wait for the schema of an event.
     *
     * @param reason what they wait for; {@code null} where none does
     */
    public synchronized void undecided(String reason) {
        schemas = reason;
    }

    /** The store answers. */
    public synchronized void answers() {
        store = null;
    }

    /** The store does not take events; the reason says why. */
    public synchronized void fails(String reason) {
        if (store == null) {
            since = Instant.now();
        }
        store = reason;
    }

    /** How many events are read, but not known to be written. */
    public synchronized void waiting(long events) {
        waiting = events;
    }

    @Override
    public synchronized Health health() {
        String reason =
                Stream.of(log, schemas, store)
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining("; "));
        if (reason.isEmpty()) {
            return Health.up().withDetail("waiting", waiting).build();
        }
        Health.Builder down = Health.down().withDetail("reason", reason);
        if (store != null) {
            down.withDetail("since", since.truncatedTo(ChronoUnit.SECONDS).toString())
                    .withDetail("waiting", waiting + " events wait to be written");
        }
        return down.build();
    }
}
