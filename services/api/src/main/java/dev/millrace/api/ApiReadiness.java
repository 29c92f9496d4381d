package dev.millrace.api;

import dev.millrace.api.state.Ticker;
import dev.millrace.api.window.Snapshot.Condition;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Ready once Redis has been read; an interruption later does not change that, as the last numbers
 * are still served.
 */
public final class ApiReadiness implements HealthIndicator {
    private final Ticker ticker;

    /** The readiness of one reader. */
    public ApiReadiness(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public Health health() {
        Condition condition = ticker.snapshots().newest().condition();
        Health.Builder health = ticker.hasRead() ? Health.up() : Health.down();
        health.withDetail("state", condition.state().name());
        if (condition.reason() != null) {
            health.withDetail("reason", condition.reason());
        }
        return health.build();
    }
}
