package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Kafka Connect with Debezium, which is made where tables are captured from databases.
 *
 * @param image an image on top of Strimzi's with Debezium's connectors, instead of the operator's
 * @param build lets Strimzi build such an image, instead of {@code image}
 * @param replicas how many pods, 1 to 10; by default 1
 * @param resources processor time and memory of each pod
 */
@ValidationRule(
        value = "!has(self.image) || !has(self.build)",
        message = "write image or build, not both")
public record ConnectSpec(
        @JsonPropertyDescription(
                        "An image on top of Strimzi's with Debezium's connectors, instead of the operator's")
                String image,
        @JsonPropertyDescription("Lets Strimzi build such an image, instead of image")
                BuildSpec build,
        @JsonPropertyDescription("How many pods, 1 to 10; by default 1")
                @Min(1)
                @Max(10)
                @Default("1")
                Integer replicas,
        @JsonPropertyDescription("Processor time and memory of each pod") ResourcesSpec resources) {
    /**
     * Where Strimzi puts the image that it builds: with the connectors of the engines that tables
     * are captured from, from Maven's central repository.
     *
     * @param image its name, with the registry and a tag
     * @param pushSecret name of the Secret with the registry's credentials, of the kind {@code
     *     kubernetes.io/dockerconfigjson}
     */
    public record BuildSpec(
            @JsonPropertyDescription("Its name, with the registry and a tag") @Required
                    String image,
            @JsonPropertyDescription(
                            "Name of the Secret with the registry's credentials, of the kind kubernetes.io/dockerconfigjson")
                    String pushSecret) {}
}
