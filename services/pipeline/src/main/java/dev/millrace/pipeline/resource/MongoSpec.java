package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Required;

/**
 * The store of the audit.
 *
 * @param external one that exists already; absent: one is made for the pipeline
 */
public record MongoSpec(
        @JsonPropertyDescription("One that exists already; absent: one is made for the pipeline")
                ExternalMongo external) {
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
