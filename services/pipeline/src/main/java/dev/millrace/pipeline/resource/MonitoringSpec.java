package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;

import java.util.Map;

/**
 * What is made for Prometheus where its operator is installed.
 *
 * @param enabled whether PodMonitors and PrometheusRules are made; by default true
 * @param labels labels by which your Prometheus selects them
 */
public record MonitoringSpec(
        @JsonPropertyDescription(
                        "Whether PodMonitors and PrometheusRules are made; by default true")
                @Default("true")
                Boolean enabled,
        @JsonPropertyDescription("Labels by which your Prometheus selects them")
                Map<String, String> labels) {}
