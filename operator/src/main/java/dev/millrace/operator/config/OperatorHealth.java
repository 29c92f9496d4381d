package dev.millrace.operator.config;

import io.javaoperatorsdk.operator.Operator;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

import java.time.Duration;
import java.time.Instant;

/** Whether every watch of the operator lives. */
final class OperatorHealth implements HealthIndicator {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Operator operator;
    private volatile Instant deadSince;

    OperatorHealth(Operator operator) {
        this.operator = operator;
    }

    @Override
    public Health health() {
        var runtime = operator.getRuntimeInfo();
        if (!runtime.isStarted()) {
            // also a replica that waits to lead
            return Health.up().withDetail("state", "starting, or waiting to lead").build();
        }
        var dead = runtime.unhealthyEventSources();
        boolean anyDead = dead.values().stream().anyMatch(sources -> !sources.isEmpty());
        if (!anyDead) {
            deadSince = null;
        } else if (deadSince == null) {
            deadSince = Instant.now();
        }
        // an API server that restarts takes its watches with it; they come back by themselves
        boolean isLasting = deadSince != null && deadSince.plus(PATIENCE).isBefore(Instant.now());
        return isLasting
                ? Health.down().withDetail("watches", dead.toString()).build()
                : Health.up().withDetail("state", "watching").build();
    }
}
