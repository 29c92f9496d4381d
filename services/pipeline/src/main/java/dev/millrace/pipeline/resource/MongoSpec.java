package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Required;

/**
 * The store of the audit.
 *
 * @param external one that exists already; absent: one is made for the pipeline
 * @param image its image, or that of a compatible server; by default {@code mongo:8}
 * @param storage its volume; by default of 10Gi
 * @param resources processor time and memory
 */
public record MongoSpec(
        @JsonPropertyDescription("One that exists already; absent: one is made for the pipeline")
                ExternalMongo external,
        @JsonPropertyDescription("Its image, or that of a compatible server; by default mongo:8")
                String image,
        @JsonPropertyDescription("Its volume; by default of 10Gi") StorageSpec storage,
        @JsonPropertyDescription("Processor time and memory") ResourcesSpec resources) {
    /**
     * A MongoDB that exists already.
     *
     * @param uriSecretRef name of the Secret whose {@code uri} is its address, with the database
     */
    public record ExternalMongo(
            @JsonPropertyDescription(
                            "Name of the Secret whose uri is its address, with the database")
                    @Required
                    String uriSecretRef) {}
}
