package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;

/**
 * How every event is recorded in Mongo.
 *
 * @param flush write at least this often, {@code 100ms} to {@code 10m}; by default {@code 5s}
 * @param batch write as soon as so many events wait, 1 to 100000; by default 1000
 * @param retention how long records are kept; absent: for ever
 */
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
                String retention) {}
