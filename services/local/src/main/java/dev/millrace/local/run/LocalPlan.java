package dev.millrace.local.run;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.plan.TopicPlan;

/**
 * Fits a plan to one broker that is nobody else's: one replica, and no topics that exist already.
 */
final class LocalPlan {
    private LocalPlan() {}

    static Plan of(Plan plan) {
        return new Plan(
                plan.name(),
                plan.title(),
                plan.clock(),
                plan.streams().stream().map(LocalPlan::of).toList(),
                plan.tables(),
                plan.metrics(),
                plan.views(),
                plan.audit(),
                plan.panels(),
                plan.fingerprint());
    }

    private static StreamPlan of(StreamPlan stream) {
        TopicPlan topic = stream.topic();
        return new StreamPlan(
                stream.name(),
                stream.format(),
                stream.schema(),
                stream.time(),
                stream.key(),
                stream.lateness(),
                new TopicPlan(topic.name(), false, topic.partitions(), 1, topic.retention()),
                stream.generator(),
                stream.from(),
                stream.explode(),
                stream.joins(),
                stream.compute());
    }
}
