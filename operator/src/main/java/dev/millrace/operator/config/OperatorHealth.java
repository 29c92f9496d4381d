package dev.millrace.operator.config;

import io.javaoperatorsdk.operator.Operator;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether every watch of the operator lives. */
final class OperatorHealth implements HealthIndicator {
    private final Operator operator;

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
        return anyDead
                ? Health.down().withDetail("watches", dead.toString()).build()
                : Health.up().withDetail("state", "watching").build();
    }
}
