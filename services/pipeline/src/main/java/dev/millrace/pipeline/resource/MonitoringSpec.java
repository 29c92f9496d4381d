package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

import java.util.Map;

/**
 * What is made for Prometheus where its operator is installed.
 *
 * @param enabled whether PodMonitors and PrometheusRules are made; by default true
 * @param labels labels by which your Prometheus selects them
 * @param groups how many groups of each metric and window Prometheus gets, the highest ones, 0 to
 *     1000; by default 10
 */
public record MonitoringSpec(
        @JsonPropertyDescription(
                        "Whether PodMonitors and PrometheusRules are made; by default true")
                @Default("true")
                Boolean enabled,
        @JsonPropertyDescription("Labels by which your Prometheus selects them")
                Map<String, String> labels,
        @JsonPropertyDescription(
                        "How many groups of each metric and window Prometheus gets, the highest ones, 0 to 1000; by default 10")
                @Min(0)
                @Max(1_000)
                @Default("10")
                Integer groups) {}
