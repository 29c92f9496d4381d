package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Required;

/**
 * An HTTPRoute in front of API, dashboard and collector.
 *
 * @param gateway name of the Gateway
 * @param namespace the Gateway's namespace; absent: the pipeline's
 * @param host the host name; absent: any
 */
public record RouteSpec(
        @JsonPropertyDescription("Name of the Gateway") @Required String gateway,
        @JsonPropertyDescription("The Gateway's namespace; absent: the pipeline's")
                String namespace,
        @JsonPropertyDescription("The host name; absent: any") String host) {}
