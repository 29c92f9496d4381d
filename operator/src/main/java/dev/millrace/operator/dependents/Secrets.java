package dev.millrace.operator.dependents;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** Finds the passwords that the operator made. */
final class Secrets {
    private Secrets() {}

    /** {@code null} where it is not there yet. */
    static Secret named(Context<AnalyticsPipeline> context, String name) {
        return context.getSecondaryResourcesAsStream(Secret.class)
                .filter(secret -> secret.getMetadata().getName().equals(name))
                .findFirst()
                .orElse(null);
    }
}
