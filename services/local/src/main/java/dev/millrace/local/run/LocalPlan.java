package dev.millrace.local.run;

import dev.millrace.pipeline.plan.Plan;

/**
 * Fits a plan to one broker that is nobody else's: one replica, and no topics that exist already.
 */
final class LocalPlan {
    private LocalPlan() {}

    static Plan of(Plan plan) {
        return new Plan(
                plan.name(),
                plan.title(),
                plan.live(),
                plan.clock(),
                plan.streams().stream()
                        .map(stream -> stream.with(stream.topic().onOneBroker()))
                        .toList(),
                plan.tables().stream()
                        .map(table -> table.with(table.topic().onOneBroker()))
                        .toList(),
                plan.metrics(),
                plan.views(),
                plan.audit(),
                plan.history(),
                plan.panels(),
                plan.fingerprint());
    }
}
