package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/**
 * The store of live windows.
 *
 * @param external one that exists already, of this pipeline alone; absent: one is made for the
 *     pipeline
 * @param image its image, of Redis or Valkey; by default {@code redis:8}
 * @param maxMemory how much it may hold, such as {@code 512mb}; by default {@code 512mb}. It
 *     refuses writes beyond, and never drops windows
 * @param storage its volume; by default of 2Gi
 * @param resources processor time and memory
 */
public record RedisSpec(
        @JsonPropertyDescription(
                        "One that exists already, of this pipeline alone; absent: one is made for the pipeline")
                ExternalRedis external,
        @JsonPropertyDescription("Its image, of Redis or Valkey; by default redis:8") String image,
        @JsonPropertyDescription(
                        "How much it may hold, such as 512mb; by default 512mb. It refuses writes beyond, and never drops windows")
                @Pattern("^[1-9][0-9]{0,9}(kb|mb|gb)$")
                @Default("512mb")
                String maxMemory,
        @JsonPropertyDescription("Its volume; by default of 2Gi") StorageSpec storage,
        @JsonPropertyDescription("Processor time and memory") ResourcesSpec resources) {
    /**
     * A Redis that exists already.
     *
     * @param uriSecretRef name of the Secret whose {@code uri} is its address
     */
    public record ExternalRedis(
            @JsonPropertyDescription("Name of the Secret whose uri is its address") @Required
                    String uriSecretRef) {}
}
