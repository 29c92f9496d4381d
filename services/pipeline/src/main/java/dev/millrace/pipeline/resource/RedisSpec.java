package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Required;

/**
 * The store of live windows.
 *
 * @param external one that exists already, of this pipeline alone; absent: one is made for the
 *     pipeline
 */
public record RedisSpec(
        @JsonPropertyDescription(
                        "One that exists already, of this pipeline alone; absent: one is made for the pipeline")
                ExternalRedis external) {
    /**
     * A Redis that exists already.
     *
     * @param uriSecretRef name of the Secret whose {@code uri} is its address
     */
    public record ExternalRedis(
            @JsonPropertyDescription("Name of the Secret whose uri is its address") @Required
                    String uriSecretRef) {}
}
