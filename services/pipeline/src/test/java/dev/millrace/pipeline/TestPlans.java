package dev.millrace.pipeline;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Condition;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;

import java.nio.charset.StandardCharsets;

/** Plans for tests, written as manifests are. */
public final class TestPlans {
    private TestPlans() {}

    /** The plan of what follows {@code spec:}, indented by two spaces at least. */
    public static Plan plan(String spec) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: test}
                spec:
                """
                        + spec);
    }

    /** A plan of one stream with these fields, in flow style. */
    public static Plan planOf(String fields) {
        return plan("  streams: [{name: events, fields: {" + fields + "}}]\n");
    }

    /** The one stream of {@link #planOf}. */
    public static StreamPlan streamOf(String fields) {
        return planOf(fields).streams().getFirst();
    }

    /** A condition over these fields. */
    public static Condition condition(String fields, String where) {
        Plan plan =
                plan(
                        "  streams: [{name: events, fields: {"
                                + fields
                                + "}}]\n  metrics: [{name: m, measure: count, window: 5m, where: '"
                                + where.replace("'", "''")
                                + "'}]\n");
        return ((MeasurePlan) plan.metrics().getFirst()).where();
    }

    /** A valid event, received at 0. */
    public static Event event(StreamPlan stream, String json) {
        return (Event) new EventDecoder(stream).decode(json.getBytes(StandardCharsets.UTF_8), 0);
    }
}
