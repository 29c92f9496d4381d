package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

/**
 * Where the schemas of Avro streams are. Means nothing where no stream is Avro.
 *
 * @param external one that exists already, with Confluent's API; absent: an Apicurio is made for
 *     the pipeline
 * @param image its image, of Apicurio Registry; by default {@code apicurio/apicurio-registry:3.3.3}
 * @param storage its volume; by default of 1Gi
 * @param resources processor time and memory
 */
public record SchemaRegistrySpec(
        @JsonPropertyDescription(
                        "One that exists already, with Confluent's API; absent: an Apicurio is made for the pipeline")
                ExternalRegistry external,
        @JsonPropertyDescription(
                        "Its image, of Apicurio Registry; by default apicurio/apicurio-registry:3.3.3")
                String image,
        @JsonPropertyDescription("Its volume; by default of 1Gi") StorageSpec storage,
        @JsonPropertyDescription("Processor time and memory") ResourcesSpec resources) {
    /**
     * A schema registry that exists already.
     *
     * @param url its address, such as {@code https://registry.example.com}; Apicurio's ends in
     *     {@code /apis/ccompat/v7}
     * @param secretRef name of the Secret with its {@code username} and {@code password}, or its
     *     {@code token}; absent: it asks for none
     */
    public record ExternalRegistry(
            @JsonPropertyDescription(
                            "Its address, such as https://registry.example.com; Apicurio's ends in /apis/ccompat/v7")
                    @Required
                    @Pattern("^https?://[^\\s/?#]+[^\\s?#]*$")
                    String url,
            @JsonPropertyDescription(
                            "Name of the Secret with its username and password, or its token; absent: it asks for none")
                    String secretRef) {}
}
