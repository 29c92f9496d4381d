package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;

/**
 * Who may talk to the pods.
 *
 * @param enabled whether each pod may talk only to what it needs; by default true
 */
public record NetworkPolicySpec(
        @JsonPropertyDescription("Whether each pod may talk only to what it needs; by default true")
                @Default("true")
                Boolean enabled) {}
