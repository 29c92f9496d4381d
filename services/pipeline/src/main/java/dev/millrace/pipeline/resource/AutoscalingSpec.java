package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How the number of replicas follows the load.
 *
 * @param min at least so many replicas, 1 to 100; by default 1
 * @param max at most so many, 1 to 100
 * @param cpu the share of the requested processor time to aim at, in percent, 1 to 100; by default
 *     75
 */
@ValidationRule(
        value = "!has(self.min) || self.min <= self.max",
        message = "autoscaling.max: must be at least min")
public record AutoscalingSpec(
        @JsonPropertyDescription("At least so many replicas, 1 to 100; by default 1")
                @Min(1)
                @Max(100)
                @Default("1")
                Integer min,
        @JsonPropertyDescription("At most so many, 1 to 100") @Required @Min(1) @Max(100)
                Integer max,
        @JsonPropertyDescription(
                        "The share of the requested processor time to aim at, in percent, 1 to 100; by default 75")
                @Min(1)
                @Max(100)
                @Default("75")
                Integer cpu) {}
