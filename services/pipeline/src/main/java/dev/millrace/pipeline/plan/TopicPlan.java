package dev.millrace.pipeline.plan;

import java.time.Duration;

/**
 * A Kafka topic.
 *
 * @param name its name
 * @param existing whether it is somebody else's: never created or changed
 * @param partitions how many partitions it is created with
 * @param replicas its replication factor
 * @param retention how long events are kept; rows are kept until they are replaced or deleted
 * @param content what is in it, which decides how it is created
 */
public record TopicPlan(
        String name,
        boolean existing,
        int partitions,
        int replicas,
        Duration retention,
        Content content) {

    /** What a topic holds. */
    public enum Content {
        /** Events as they come; their time in Kafka is when the broker received them. */
        RECEIVED,
        /**
         * Events made from others; their time in Kafka is when the broker received the ones that
         * they were made from, however long the making took.
         */
        DERIVED,
        /** Rows of a table by key; the newest of each key is kept. */
        ROWS
    }

    /** A topic of received events. */
    public TopicPlan(
            String name, boolean existing, int partitions, int replicas, Duration retention) {
        this(name, existing, partitions, replicas, retention, Content.RECEIVED);
    }

    /** The same topic on a single broker that is nobody else's. */
    public TopicPlan onOneBroker() {
        return new TopicPlan(name, false, partitions, 1, retention, content);
    }

    /** The same topic by another name. */
    public TopicPlan named(String other) {
        return new TopicPlan(other, existing, partitions, replicas, retention, content);
    }
}
