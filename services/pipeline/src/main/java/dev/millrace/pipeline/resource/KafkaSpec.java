package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Required;

/**
 * The broker.
 *
 * @param external one that exists already; absent: one is made for the pipeline
 */
public record KafkaSpec(
        @JsonPropertyDescription("One that exists already; absent: one is made for the pipeline")
                ExternalKafka external) {
    /**
     * A broker that exists already.
     *
     * @param bootstrapServers {@code HOST:PORT}, several with commas between
     * @param secretRef name of the Secret with its credentials
     */
    public record ExternalKafka(
            @JsonPropertyDescription("HOST:PORT, several with commas between") @Required
                    String bootstrapServers,
            @JsonPropertyDescription("Name of the Secret with its credentials") String secretRef) {}
}
