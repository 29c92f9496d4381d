package dev.millrace.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.window.Group;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.GroupKey;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class ShapesTest {
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: shapes}
                    spec:
                      streams:
                        - name: events
                          fields: {page: {type: string}, city: {type: string, optional: true}}
                      metrics:
                        - {name: by_page, measure: count, by: page, window: 5m}
                        - {name: by_both, measure: count, by: 'page, city', window: 5m}
                    """);

    private static MetricPlan metric(String name) {
        return PLAN.metrics().stream().filter(one -> one.name().equals(name)).findFirst().get();
    }

    @Test
    void theGroupOfTheOthersSaysSo() {
        Group other = new Group(GroupKey.OTHER, 7L, null);
        // An event may have the very text.
        Group real = new Group(GroupKey.of("(other)"), 3L, null);
        assertThat(Shapes.groups(metric("by_page"), List.of(other, real), false, null))
                .containsExactly(
                        Map.of("key", "(other)", "other", true, "value", 7L),
                        Map.of("key", "(other)", "value", 3L));
        assertThat(Shapes.key(metric("by_both"), other)).isEqualTo(List.of("(other)", "(other)"));
    }

    @Test
    void aValueThatIsTheMarkItselfIsNotTheOthers() {
        Group mark = new Group(GroupKey.of(GroupKey.OTHER), 1L, null);
        assertThat(mark.key()).isNotEqualTo(GroupKey.OTHER);
        assertThat(Shapes.key(metric("by_page"), mark)).isEqualTo("\u0019");
    }

    @Test
    void aMissingFieldIsNull() {
        Group missing = new Group("a\u001f\u0018", 1L, null);
        assertThat(Shapes.key(metric("by_both"), missing))
                .isEqualTo(new ArrayList<>(Arrays.asList("a", null)));
    }
}
