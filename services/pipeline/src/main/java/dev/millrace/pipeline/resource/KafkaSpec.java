package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/**
 * The broker.
 *
 * @param external one that exists already; absent: one is made for the pipeline
 * @param replicas how many brokers, 1 to 9; by default 1
 * @param version the version of Kafka; absent: Strimzi's default
 * @param storage the volume of each broker; by default of 10Gi
 * @param resources processor time and memory of each broker
 */
public record KafkaSpec(
        @JsonPropertyDescription("One that exists already; absent: one is made for the pipeline")
                ExternalKafka external,
        @JsonPropertyDescription("How many brokers, 1 to 9; by default 1")
                @Min(1)
                @Max(9)
                @Default("1")
                Integer replicas,
        @JsonPropertyDescription("The version of Kafka; absent: Strimzi's default")
                @Pattern("^[0-9]+\\.[0-9]+\\.[0-9]+$")
                String version,
        @JsonPropertyDescription("The volume of each broker; by default of 10Gi")
                StorageSpec storage,
        @JsonPropertyDescription("Processor time and memory of each broker")
                ResourcesSpec resources) {
    /**
     * A broker that exists already.
     *
     * @param bootstrapServers {@code HOST:PORT}, several with commas between
     * @param secretRef name of the Secret with its credentials: each key is a setting of Kafka's
     *     clients, such as {@code security.protocol}
     */
    public record ExternalKafka(
            @JsonPropertyDescription("HOST:PORT, several with commas between") @Required
                    String bootstrapServers,
            @JsonPropertyDescription(
                            "Name of the Secret with its credentials: each key is a setting of Kafka's clients, such as security.protocol")
                    String secretRef) {}
}
