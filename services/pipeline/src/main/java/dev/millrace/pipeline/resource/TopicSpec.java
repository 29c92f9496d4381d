package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;

/**
 * The Kafka topic of a stream.
 *
 * @param name by default the stream's name; name it where pipelines share a Kafka
 * @param existing the topic is somebody else's: never created, changed or deleted
 * @param partitions 1 to 1000, by default 6
 * @param replicas 1 to 7, by default 1
 * @param retention how long Kafka keeps events, by default {@code 24h}; windows can be refilled
 *     from that much
 */
public record TopicSpec(
        @Pattern("[a-zA-Z0-9._-]{1,249}") String name,
        Boolean existing,
        @Min(1) @Max(1000) Integer partitions,
        @Min(1) @Max(7) Integer replicas,
        @Pattern(Patterns.DURATION) String retention) {}
