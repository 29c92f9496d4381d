package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.kubernetes.api.model.Condition;

import java.util.List;

/**
 * What the operator last saw of the pipeline.
 *
 * @param observedGeneration the {@code metadata.generation} that this status speaks of
 * @param conditions whether the pipeline is {@code Ready}, and what keeps it from being so
 * @param dashboard where the dashboard is
 * @param dashboard where the dashboard is
 */
public record PipelineStatus(
        @JsonPropertyDescription("The metadata.generation that this status speaks of")
                Long observedGeneration,
        @JsonPropertyDescription("Whether the pipeline is Ready, and what keeps it from being so")
                List<Condition> conditions,
        @JsonPropertyDescription("Where the dashboard is") String dashboard) {}
