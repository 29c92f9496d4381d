package dev.millrace.api.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.exposition.Exposition.Series;
import dev.millrace.api.state.RowWriter;
import dev.millrace.api.state.StateWriter;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every query of Grafana's dashboards finds numbers in what the API really exposes. */
class DashboardsTest {
    private static final Pattern SELECTOR = Pattern.compile("(millrace_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!=|=)\"([^\"]*)\"");
    private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)}}");

    /** What whoever scrapes the pods adds. */
    private static final List<String> ADDED = List.of("namespace", "pipeline");

    @ParameterizedTest
    @CsvSource({
        "../../k8s/monitoring/campaigns.json, ../../k8s/campaigns.yaml",
        "../../helm/millrace/dashboards/numbers.json, ../../k8s/pizzashop.yaml"
    })
    void everyQueryFindsNumbers(Path dashboard, Path manifest) throws Exception {
        Plan plan = ManifestReader.read(manifest);
        List<JsonNode> queries = new ArrayList<>();
        find(JsonMapper.shared().readTree(dashboard), queries);
        assertThat(queries).hasSizeGreaterThan(8);
        try (StateWriter writer = new StateWriter(plan, TestServers.redis().url());
                ApiServer server = new ApiServer(plan, TestServers.redis().url())) {
            fill(plan, writer);
            ApiServer.await(() -> missing(server, queries).isEmpty());
            assertThat(missing(server, queries)).isEmpty();
        }
    }

    /** Panels' targets, and the queries that fill variables. */
    private static void find(JsonNode node, List<JsonNode> found) {
        if (node.isObject() && (node.path("expr").isString() || node.path("query").isString())) {
            String text = node.path("expr").asString(node.path("query").asString(""));
            if (text.contains("millrace_")) {
                found.add(node);
            }
        }
        node.forEach(child -> find(child, found));
    }

    private static void fill(Plan plan, StateWriter writer) {
        Instant now = Instant.now();
        writer.begin("era");
        RowWriter rows = new RowWriter(writer);
        for (MeasurePlan metric : plan.measures().toList()) {
            String name = metric.name();
            String group = metric.isGrouped() ? "a" : null;
            switch (metric.measure()) {
                case count, sum -> {
                    if (group == null) {
                        writer.add(name, now, 6);
                    } else {
                        writer.add(name, now, group, 6);
                    }
                }
                case average ->
                        writer.field(name, now, group == null ? "sum" : "sum:a", 6)
                                .field(name, now, group == null ? "count" : "count:a", 2);
                case unique -> writer.member(name, now, "someone");
                case percentiles -> writer.numbers(name, now, group, 1, 2, 3);
                case latest -> {
                    writer.flush();
                    rows.put(name, "k", now, "{\"value\":\"a\",\"position\":[12.49,41.9]}");
                }
                default -> throw new AssertionError("not filled: " + metric);
            }
        }
        writer.flush();
    }

    /** What queries ask for that is not there. */
    private static List<String> missing(ApiServer server, List<JsonNode> queries) throws Exception {
        Exposition found = Exposition.of(server.get("/actuator/prometheus").body());
        List<String> missing = new ArrayList<>();
        for (JsonNode query : queries) {
            String text = query.path("expr").asString(query.path("query").asString(""));
            Matcher selector = SELECTOR.matcher(text);
            while (selector.find()) {
                if (found.series().stream().noneMatch(series -> fits(series, selector))) {
                    missing.add(selector.group() + " of " + text);
                }
            }
            Matcher by = BY.matcher(text);
            List<String> kept = by.find() ? Arrays.asList(by.group(1).split(", ")) : List.of();
            Matcher legend = LEGEND.matcher(query.path("legendFormat").asString(""));
            while (legend.find()) {
                if (!kept.contains(legend.group(1))) {
                    missing.add("{{" + legend.group(1) + "}} of " + text);
                }
            }
        }
        return missing;
    }

    private static boolean fits(Series series, Matcher selector) {
        if (!series.name().equals(selector.group(1))) {
            return false;
        }
        if (selector.group(2) == null) {
            return true;
        }
        Map<String, String> labels = series.labels();
        Matcher matcher = MATCHER.matcher(selector.group(2));
        boolean fits = true;
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = matcher.group(3);
            if (ADDED.contains(name)) {
                continue;
            }
            String has = labels.get(name);
            boolean given = value.startsWith("$");
            fits &=
                    has != null
                            && (given
                                    || (matcher.group(2).equals("!=")
                                            ? !has.equals(value)
                                            : has.equals(value)));
        }
        return fits;
    }
}
