package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.resource.SinkSpec;
import dev.millrace.pipeline.resource.SinkSpec.InfluxdbSpec;
import dev.millrace.pipeline.resource.SinkSpec.Precision;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Checks where numbers are written to. */
record SinkCompiler(Problems problems, Map<String, MetricPlan> metrics) {
    private static final String DEFAULT_NAME = "influxdb";

    List<SinkPlan> compile(List<SinkSpec> specs) {
        List<SinkPlan> sinks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < specs.size(); i++) {
            SinkSpec spec = specs.get(i);
            if (spec == null) {
                continue;
            }
            String path = "spec.sinks[" + i + "]";
            String name = Objects.requireNonNullElse(spec.name(), DEFAULT_NAME);
            if (!name.matches(SinkSpec.NAME)) {
                problems.add(
                        path + ".name",
                        "\""
                                + name
                                + "\" cannot be a name; use lower-case letters, digits and '-', beginning with a"
                                + " letter, at most 32 characters");
            } else if (!names.add(name)) {
                problems.add(
                        path + ".name",
                        "another sink is called \"" + name + "\" too; give this one another name");
            }
            if (spec.influxdb() == null) {
                problems.add(
                        path + ".influxdb",
                        "is missing; write such as influxdb: {url: 'http://influxdb:8086', database: metrics}");
            } else {
                sinks.add(influxdb(path + ".influxdb", name, spec.influxdb()));
            }
        }
        return List.copyOf(sinks);
    }

    private SinkPlan influxdb(String path, String name, InfluxdbSpec spec) {
        where(path, spec);
        if (spec.secretRef() != null && spec.secretRef().isBlank()) {
            problems.add(
                    path + ".secretRef",
                    "is empty; name the Secret with its token, or its username and password, or leave it out");
        }
        return new SinkPlan(
                name,
                url(path + ".url", spec.url()),
                spec.database(),
                spec.org(),
                spec.bucket(),
                spec.secretRef(),
                metrics(path, spec.metrics()),
                Objects.requireNonNullElse(spec.precision(), Precision.s));
    }

    private URI url(String path, String url) {
        try {
            if (url != null && url.matches(SinkSpec.URL) && new URI(url).getHost() != null) {
                return new URI(url);
            }
        } catch (URISyntaxException _) {
            // told below
        }
        problems.add(
                path,
                (url == null ? "is missing" : "\"" + url + "\" is no address")
                        + "; write http://HOST:PORT, and a user's name and password in the Secret of secretRef");
        return null;
    }

    private void where(String path, InfluxdbSpec spec) {
        if (spec.database() == null && spec.org() == null && spec.bucket() == null) {
            problems.add(
                    path, "says not where to; write database, of version 1, or org and bucket");
        } else if (spec.database() != null && (spec.org() != null || spec.bucket() != null)) {
            problems.add(
                    path + ".database",
                    "is of version 1, and org and bucket are of version 2; write one or the other");
        } else if (spec.database() == null && spec.bucket() == null) {
            problems.add(path + ".bucket", "is missing; name the bucket beside org");
        } else if (spec.database() == null && spec.org() == null) {
            problems.add(path + ".org", "is missing; name the organization beside bucket");
        }
        filled(path + ".database", spec.database());
        filled(path + ".org", spec.org());
        filled(path + ".bucket", spec.bucket());
    }

    private void filled(String path, String name) {
        if (name != null && name.isBlank()) {
            problems.add(path, "is empty; write its name");
        }
    }

    private List<MeasurePlan> metrics(String path, List<String> names) {
        if (names == null) {
            List<MeasurePlan> all =
                    metrics.values().stream()
                            .filter(metric -> obstacle(metric) == null)
                            .map(MeasurePlan.class::cast)
                            .toList();
            if (all.isEmpty() && problems.isEmpty()) {
                problems.add(
                        path,
                        "nothing would be written: no metric is counted by minutes, hours or days; add one to"
                                + " spec.metrics");
            }
            return all;
        }
        if (names.isEmpty()) {
            problems.add(
                    path + ".metrics",
                    "is empty; name the metrics, or leave it out for all of them");
        }
        Set<MeasurePlan> chosen = new LinkedHashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String at = path + ".metrics[" + i + "]";
            String name = names.get(i);
            MetricPlan metric = name == null ? null : metrics.get(name);
            if (name == null) {
                problems.add(at, "is empty; name a metric");
            } else if (metric == null) {
                problems.unknown(at, "metric", name, metrics.keySet());
            } else if (obstacle(metric) != null) {
                problems.add(at, "\"" + name + "\" " + obstacle(metric));
            } else {
                chosen.add((MeasurePlan) metric);
            }
        }
        return List.copyOf(chosen);
    }

    private static String obstacle(MetricPlan metric) {
        if (!(metric instanceof MeasurePlan measure)) {
            return "is a formula, which is not stored; name the metrics that it is made of";
        }
        if (measure.measure() == Measure.latest) {
            return "is the latest rows, and not counted over time; name a metric with another measure";
        }
        return measure.granularities().stream().allMatch(one -> one == Granularity.ALL)
                ? "has no window but \"all\"; give it one such as 1h too, or leave it out here"
                : null;
    }
}
