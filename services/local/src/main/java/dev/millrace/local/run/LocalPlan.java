package dev.millrace.local.run;

import dev.millrace.pipeline.plan.DatabasePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.plan.TopicPlan;

import java.util.Map;

/**
 * Fits a plan to one broker that is nobody else's: one replica, and no topics that exist already.
 * Tables are captured from the databases that are given; the files beside the others stand in for
 * them.
 */
final class LocalPlan {
    private LocalPlan() {}

    static Plan of(Plan plan, Map<DatabasePlan, GivenDatabase> databases) {
        return new Plan(
                plan.name(),
                plan.title(),
                plan.live(),
                plan.through(),
                plan.clock(),
                plan.streams().stream()
                        .map(stream -> stream.with(stream.topic().onOneBroker()))
                        .toList(),
                plan.tables().stream().map(table -> table(plan, table, databases)).toList(),
                plan.metrics(),
                plan.views(),
                plan.audit(),
                plan.history(),
                plan.sinks(),
                plan.stats(),
                plan.monitoring(),
                plan.panels(),
                plan.fingerprint());
    }

    private static TablePlan table(
            Plan plan, TablePlan table, Map<DatabasePlan, GivenDatabase> databases) {
        TopicPlan topic = table.topic().onOneBroker();
        if (!(table.source() instanceof TablePlan.Capture capture)) {
            return table.with(topic);
        }
        GivenDatabase given = databases.get(capture.database());
        return given == null
                // a topic of its own, for what Debezium writes has other keys
                ? new TablePlan(
                        table.name(),
                        table.key(),
                        table.schema(),
                        topic.named(plan.name() + "-" + table.name()),
                        capture.standIn())
                : new TablePlan(
                        table.name(),
                        table.key(),
                        table.schema(),
                        topic,
                        new TablePlan.Capture(
                                given.database(),
                                capture.schema(),
                                capture.table(),
                                capture.standIn()));
    }
}
