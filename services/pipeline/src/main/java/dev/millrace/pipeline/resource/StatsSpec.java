package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

import java.util.List;

/**
 * Which numbers also go to the compacted topic {@code NAME-stats}, for other consumers.
 *
 * @param metrics names of the metrics to publish; absent: all
 * @param groups how many groups of each metric and window are published, the highest ones, 1 to
 *     10000; by default 100
 * @param every how often a number is published at most, {@code 100ms} to {@code 10m}; by default
 *     {@code 1s}
 */
public record StatsSpec(
        @JsonPropertyDescription("Names of the metrics to publish; absent: all") @Size(min = 1)
                List<String> metrics,
        @JsonPropertyDescription(
                        "How many groups of each metric and window are published, the highest ones, 1 to 10000; by default 100")
                @Min(1)
                @Max(10_000)
                @Default("100")
                Integer groups,
        @JsonPropertyDescription(
                        "How often a number is published at most, 100ms to 10m; by default 1s")
                @Pattern(Patterns.DURATION)
                @Default("1s")
                String every) {}
