package dev.millrace.enricher;

import dev.millrace.enricher.run.EnricherState;
import dev.millrace.enricher.run.EnricherState.Phase;
import dev.millrace.enricher.run.EnrichingLoop;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Up while the enricher makes events, or has none to make; otherwise down, with what it waits for.
 * Part of readiness, not of liveness: a restart mends nothing.
 */
public final class EnricherHealth implements HealthIndicator {
    private final EnrichingLoop loop;

    /** The health of a loop. */
    public EnricherHealth(EnrichingLoop loop) {
        this.loop = loop;
    }

    @Override
    public Health health() {
        EnricherState state = loop.state();
        Health.Builder health =
                state.phase() == Phase.RUNNING || state.phase() == Phase.IDLE
                        ? Health.up()
                        : Health.down();
        health.withDetail("phase", state.phase().name());
        if (state.reason() != null) {
            health.withDetail("reason", state.reason());
        }
        return health.build();
    }
}
