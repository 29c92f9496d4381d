package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
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
        @JsonPropertyDescription(
                        "By default the stream's name; name it where pipelines share a Kafka")
                @Pattern("^[a-zA-Z0-9._-]{1,249}$")
                String name,
        @JsonPropertyDescription("The topic is somebody else's: never created, changed or deleted")
                Boolean existing,
        @JsonPropertyDescription("1 to 1000, by default 6") @Min(1) @Max(1000) @Default("6")
                Integer partitions,
        @JsonPropertyDescription("1 to 7, by default 1") @Min(1) @Max(7) @Default("1")
                Integer replicas,
        @JsonPropertyDescription(
                        "How long Kafka keeps events, by default 24h; windows can be refilled from that much")
                @Pattern(Patterns.DURATION)
                @Default("24h")
                String retention) {}
