package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;

/**
 * How long the numbers of past minutes, hours and days are kept in Mongo.
 *
 * @param enabled whether they are written there; by default true
 * @param minutes how long those of minutes are kept, {@code 1h} to {@code 10000d}; by default
 *     {@code 7d}
 * @param hours how long those of hours are kept, {@code 1d} to {@code 10000d}; by default {@code
 *     90d}
 * @param days how long those of days are kept, {@code 1d} to {@code 10000d}; absent: for ever
 * @param groups how many groups of each minute, hour and day are kept, the highest ones, 1 to
 *     10000; by default 1000
 */
public record HistorySpec(
        @JsonPropertyDescription("Whether they are written there; by default true") @Default("true")
                Boolean enabled,
        @JsonPropertyDescription("How long those of minutes are kept, 1h to 10000d; by default 7d")
                @Pattern(Patterns.DURATION)
                @Default("7d")
                String minutes,
        @JsonPropertyDescription("How long those of hours are kept, 1d to 10000d; by default 90d")
                @Pattern(Patterns.DURATION)
                @Default("90d")
                String hours,
        @JsonPropertyDescription("How long those of days are kept, 1d to 10000d; absent: for ever")
                @Pattern(Patterns.DURATION)
                String days,
        @JsonPropertyDescription(
                        "How many groups of each minute, hour and day are kept, the highest ones, 1 to 10000; by default 1000")
                @Min(1)
                @Max(10_000)
                @Default("1000")
                Integer groups) {}
