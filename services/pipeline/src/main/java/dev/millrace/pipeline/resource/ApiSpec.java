package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

import java.util.Map;

/**
 * How the API and the dashboard run, and where they are reached.
 *
 * @param replicas how many, 0 to 100; by default 1
 * @param autoscaling how the number of replicas follows the load, instead of {@code replicas}
 * @param resources processor time and memory of its container
 * @param image an image instead of the one of the operator
 * @param podTemplate laid over the pod template by strategic merge: labels, node selectors,
 *     tolerations, environment and the like
 * @param ingress the way in from outside, for API, dashboard and collector
 * @param route the way in from outside by the Gateway API
 */
@ValidationRule(
        value = "!has(self.replicas) || !has(self.autoscaling)",
        message = "write replicas or autoscaling, not both")
public record ApiSpec(
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
                Map<String, Object> podTemplate,
        @JsonPropertyDescription("The way in from outside, for API, dashboard and collector")
                IngressSpec ingress,
        @JsonPropertyDescription("The way in from outside by the Gateway API") RouteSpec route) {
    /** What it shares with the other workloads. */
    public WorkloadSpec workload() {
        return new WorkloadSpec(replicas, autoscaling, resources, image, podTemplate);
    }
}
