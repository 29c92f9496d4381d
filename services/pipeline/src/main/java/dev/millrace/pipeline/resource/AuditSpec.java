package dev.millrace.pipeline.resource;

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
        @Pattern(Patterns.DURATION) String flush,
        @Min(1) @Max(100_000) Integer batch,
        @Pattern(Patterns.DURATION) String retention) {}
