package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import java.util.Map;

/**
 * Processor time and memory of a container, as in Kubernetes.
 *
 * @param requests what is set aside for it, such as {@code {cpu: 500m, memory: 512Mi}}
 * @param limits what it can use at most
 */
public record ResourcesSpec(
        @JsonPropertyDescription("What is set aside for it, such as {cpu: 500m, memory: 512Mi}")
                Map<String, Object> requests,
        @JsonPropertyDescription("What it can use at most") Map<String, Object> limits) {}
