package dev.millrace.processor;

import dev.millrace.processor.loop.ProcessingLoop;
import dev.millrace.processor.loop.ProcessorState;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Up while the processor counts; otherwise down, with what it waits for. Part of readiness, not of
 * liveness: a restart mends nothing.
 */
public final class ProcessorHealth implements HealthIndicator {
    private final ProcessingLoop loop;

    /** The health of a loop. */
    public ProcessorHealth(ProcessingLoop loop) {
        this.loop = loop;
    }

    @Override
    public Health health() {
        ProcessorState state = loop.state();
        Health.Builder health =
                switch (state.phase()) {
                    case COUNTING -> Health.up();
                    // Not ready: where this is a new version of a Deployment, the former one goes
                    // on.
                    case CATCHING_UP -> Health.outOfService();
                    default -> Health.down();
                };
        health.withDetail("phase", state.phase().name());
        if (state.reason() != null) {
            health.withDetail("reason", state.reason());
        }
        return health.build();
    }
}
