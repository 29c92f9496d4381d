package dev.millrace.api;

import dev.millrace.api.state.Ticker;
import dev.millrace.api.window.Snapshot.Condition;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Ready once Redis has been read; an interruption later does not change that, as the last numbers
 * are still served. Not ready at first while a changed manifest's numbers have not caught up with
 * the former ones: the instances that it takes the place of show those.
 */
public final class ApiReadiness implements HealthIndicator {
    /** Then there may be nobody else to show anything. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Ticker ticker;
    private final InstantSource clock;
    private final Instant start;

    /** The readiness of one reader, which begins now. */
    public ApiReadiness(Ticker ticker, InstantSource clock) {
        this.ticker = ticker;
        this.clock = clock;
        this.start = clock.instant();
    }

    @Override
    public Health health() {
        Condition condition = ticker.snapshots().newest().condition();
        Health.Builder health = ticker.hasRead() ? Health.up() : Health.down();
        if (ticker.isBehind() && clock.instant().isBefore(start.plus(PATIENCE))) {
            health.outOfService();
        }
        health.withDetail("state", condition.state().name());
        if (condition.reason() != null) {
            health.withDetail("reason", condition.reason());
        }
        return health.build();
    }
}
