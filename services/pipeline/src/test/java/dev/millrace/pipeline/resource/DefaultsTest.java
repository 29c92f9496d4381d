package dev.millrace.pipeline.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.DurationText;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StatsPlan;
import dev.millrace.pipeline.plan.TopicPlan;

import io.fabric8.generator.annotation.Default;

import org.junit.jupiter.api.Test;

/** What the cluster fills in is what the plan takes where nothing is written. */
class DefaultsTest {
    private static String filledIn(Class<?> type, String setting) throws NoSuchMethodException {
        return type.getMethod(setting).getAnnotation(Default.class).value();
    }

    @Test
    void clusterAndPlanHaveTheSameDefaults() throws NoSuchMethodException {
        Plan plan = TestPlans.planOf("a: {type: string}");
        TopicPlan topic = plan.streams().getFirst().topic();

        assertThat(filledIn(PipelineSpec.class, "clock")).isEqualTo(plan.clock().name());
        assertThat(filledIn(StreamSpec.class, "format"))
                .isEqualTo(plan.streams().getFirst().format().name());
        assertThat(filledIn(TopicSpec.class, "partitions")).isEqualTo("" + topic.partitions());
        assertThat(filledIn(TopicSpec.class, "replicas")).isEqualTo("" + topic.replicas());
        assertThat(DurationText.parse(filledIn(TopicSpec.class, "retention")))
                .contains(topic.retention());
        assertThat(DurationText.parse(filledIn(AuditSpec.class, "flush")))
                .contains(plan.audit().flush());
        assertThat(filledIn(AuditSpec.class, "batch")).isEqualTo("" + plan.audit().batch());
        assertThat(DurationText.parse(filledIn(HistorySpec.class, "minutes")))
                .contains(plan.history().minutes());
        assertThat(DurationText.parse(filledIn(HistorySpec.class, "hours")))
                .contains(plan.history().hours());
        assertThat(filledIn(HistorySpec.class, "enabled")).isEqualTo("" + plan.history().enabled());
        assertThat(filledIn(HistorySpec.class, "groups")).isEqualTo("" + plan.history().groups());
        assertThat(plan.stats()).isNull();
        StatsPlan stats =
                ManifestReader.parse(
                                "test",
                                """
                                apiVersion: millrace.dev/v1alpha1
                                kind: AnalyticsPipeline
                                metadata: {name: shop}
                                spec:
                                  streams: [{name: events, fields: {at: {type: timestamp}}}]
                                  metrics: [{name: views, measure: count, window: 5m}]
                                  stats: {}
                                """)
                        .stats();
        assertThat(filledIn(StatsSpec.class, "groups")).isEqualTo("" + stats.groups());
        assertThat(DurationText.parse(filledIn(StatsSpec.class, "every"))).contains(stats.every());
        assertThat(filledIn(DashboardSpec.class, "through")).isEqualTo(plan.through().name());
    }
}
