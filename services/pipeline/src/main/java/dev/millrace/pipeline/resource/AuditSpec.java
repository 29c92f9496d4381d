package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;

import java.util.Map;

/**
 * How every event is recorded in Mongo.
 *
 * @param flush write at least this often, {@code 100ms} to {@code 10m}; by default {@code 5s}
 * @param batch write as soon as so many events wait, 1 to 100000; by default 1000
 * @param retention how long records are kept; absent: for ever
 * @param replicas how many, 0 to 100; by default 1
 * @param autoscaling how the number of replicas follows the load, instead of {@code replicas}
 * @param resources processor time and memory of its container
 * @param image an image instead of the one of the operator
 * @param podTemplate laid over the pod template by strategic merge: labels, node selectors,
 *     tolerations, environment and the like
 */
@ValidationRule(
        value = "!has(self.replicas) || !has(self.autoscaling)",
        message = "write replicas or autoscaling, not both")
public record AuditSpec(
        @JsonPropertyDescription("Write at least this often, 100ms to 10m; by default 5s")
                @Pattern(Patterns.DURATION)
                @Default("5s")
                String flush,
        @JsonPropertyDescription(
                        "Write as soon as so many events wait, 1 to 100000; by default 1000")
                @Min(1)
                @Max(100_000)
                @Default("1000")
                Integer batch,
        @JsonPropertyDescription("How long records are kept; absent: for ever")
                @Pattern(Patterns.DURATION)
                String retention,
        @JsonPropertyDescription("How many, 0 to 100; by default 1") @Min(0) @Max(100)
                Integer replicas,
        @JsonPropertyDescription("How the number of replicas follows the load, instead of replicas")
                AutoscalingSpec autoscaling,
        @JsonPropertyDescription("Processor time and memory of its container")
                ResourcesSpec resources,
        @JsonPropertyDescription("An image instead of the one of the operator") String image,
        @JsonPropertyDescription(
                        "Laid over the pod template by strategic merge: labels, node selectors, tolerations, environment and the like")
                @PreserveUnknownFields
                Map<String, Object> podTemplate) {
    /** What it shares with the other workloads. */
    public WorkloadSpec workload() {
        return new WorkloadSpec(replicas, autoscaling, resources, image, podTemplate);
    }
}
