package dev.millrace.api.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.state.RowWriter;
import dev.millrace.api.state.StateWriter;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Map;

/** The pipeline's numbers in a scrape. */
class PipelineNumbersTest {
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: numbers}
                    spec:
                      monitoring: {groups: 4}
                      streams:
                        - name: orders
                          fields:
                            at: {type: timestamp}
                            page: {type: string, optional: true}
                            user: {type: string}
                            price: {type: number}
                            lon: {type: number, optional: true}
                            lat: {type: number, optional: true}
                          time: at
                      metrics:
                        - {name: orders, measure: count, windows: [5m, all]}
                        - {name: by_page, measure: count, by: page, window: 5m}
                        - {name: by_both, measure: count, by: 'page, user', window: 5m}
                        - {name: prices, measure: percentiles, of: price, by: page, window: 5m}
                        - {name: dearest, measure: max, of: price, window: 5m}
                        - {name: twice, formula: 'orders / orders'}
                        - {name: places, measure: latest, key: user, value: page, position: [lon, lat],
                           fences: {here: 'POLYGON((12 41, 13 41, 13 42, 12 42, 12 41))'}}
                    """);

    @Test
    void numbersAreGaugesWhileTheyAreCurrent() throws Exception {
        Instant now = Instant.now();
        try (StateWriter writer = new StateWriter(PLAN, TestServers.redis().url())) {
            writer.redis().flushall();
            try (ApiServer server = new ApiServer(PLAN, TestServers.redis().url())) {
                assertThat(scrape(server).series()).isEmpty();

                writer.begin("era")
                        .add("orders", now, 7)
                        .add("by_page", now, "\"a\"\\b\nc", 5)
                        .add("by_page", now, "(none)", 4)
                        .add("by_page", now, "\u0018", 3)
                        .add("by_page", now, "\u0019", 9)
                        .add("by_page", now, "least", 1)
                        .add("by_both", now, "a, b\u001fc", 3)
                        .add("by_both", now, "a\u001fb, c", 2)
                        .add("by_both", now, "x".repeat(300) + "\u001f1", 1)
                        .add("by_both", now, "x".repeat(300) + "\u001f2", 1)
                        .numbers("prices", now, "p", 1_000_000, 2_000_000)
                        .flush();
                RowWriter rows = new RowWriter(writer);
                rows.put(
                        "places",
                        "ann",
                        now.minusSeconds(60),
                        "{\"value\":\"home\",\"position\":[12.5,41.5]}");
                ApiServer.await(
                        () ->
                                scrape(server)
                                        .by("fence", "millrace_metric_fence_value")
                                        .containsKey("here"));

                Exposition found = scrape(server);
                assertThat(found.by("window", "millrace_metric_value", "metric", "orders"))
                        .isEqualTo(Map.of("5m", 7.0, "all", 7.0));
                assertThat(found.by("window", "millrace_metric_value", "metric", "twice"))
                        .containsEntry("5m", 1.0);
                assertThat(found.by("window", "millrace_metric_value", "metric", "dearest"))
                        .as("there is no number of nothing")
                        .isEmpty();
                assertThat(found.by("metric", "millrace_metric_groups", "window", "5m"))
                        .containsEntry("by_page", 5.0)
                        .doesNotContainKey("orders");
                assertThat(found.by("group", "millrace_metric_group_value", "metric", "by_page"))
                        .isEqualTo(
                                Map.of(
                                        "(other)",
                                        9.0,
                                        "\"a\"\\b\nc",
                                        5.0,
                                        "((none))",
                                        4.0,
                                        "(none)",
                                        3.0));
                Map<String, Double> both =
                        found.by("group", "millrace_metric_group_value", "metric", "by_both");
                assertThat(both)
                        .hasSize(4)
                        .containsEntry("a\\, b, c", 3.0)
                        .containsEntry("a, b\\, c", 2.0);
                assertThat(both.keySet()).allMatch(group -> group.length() <= 200);
                assertThat(
                                found.by(
                                        "stat",
                                        "millrace_metric_distribution",
                                        "metric",
                                        "prices",
                                        "group",
                                        "p"))
                        .containsEntry("min", 1.0)
                        .containsEntry("max", 2.0)
                        .containsEntry("average", 1.5)
                        .containsKeys("p50", "p75", "p90", "p95", "p99");
                assertThat(
                                found.by(
                                                "stat",
                                                "millrace_metric_distribution",
                                                "metric",
                                                "places",
                                                "group",
                                                "home")
                                        .get("max"))
                        .isBetween(60.0, 600.0);
                assertThat(found.by("fence", "millrace_metric_fence_value"))
                        .isEqualTo(Map.of("here", 1.0));

                writer.redis().hset(writer.keys().meta(), "fingerprint", "another plan's");
                ApiServer.await(() -> scrape(server).series().isEmpty());
            }
        }
    }

    private static Exposition scrape(ApiServer server) throws Exception {
        return Exposition.of(server.get("/actuator/prometheus").body());
    }
}
