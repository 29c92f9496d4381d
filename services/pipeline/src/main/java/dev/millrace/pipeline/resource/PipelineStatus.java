package dev.millrace.pipeline.resource;

/**
 * What the operator last saw of the pipeline.
 *
 * @param observedGeneration the {@code metadata.generation} that this status speaks of
 */
public record PipelineStatus(Long observedGeneration) {}
