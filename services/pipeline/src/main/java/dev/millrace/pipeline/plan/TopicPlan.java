package dev.millrace.pipeline.plan;

import java.time.Duration;

/**
 * A Kafka topic.
 *
 * @param name its name
 * @param existing whether it is somebody else's: never created or changed
 * @param partitions how many partitions it is created with
 * @param replicas its replication factor
 * @param retention how long events are kept
 */
public record TopicPlan(
        String name, boolean existing, int partitions, int replicas, Duration retention) {}
