package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.event.EventLimits;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Kafka topic.
 *
 * @param name its name
 * @param existing whether it is somebody else's: never created or changed
 * @param partitions how many partitions it is created with
 * @param replicas its replication factor
 * @param retention how long events are kept; rows and numbers are kept until they are replaced or
 *     deleted
 * @param content what is in it, which decides how it is created
 */
public record TopicPlan(
        String name,
        boolean existing,
        int partitions,
        int replicas,
        Duration retention,
        Content content) {

    private static final int SEGMENT_BYTES = 16 << 20;
    private static final int SEGMENT_MILLIS = 3_600_000;

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
        ROWS,
        /**
         * Numbers of metrics by key, of which each is written often; the newest of each is kept.
         */
        NUMBERS
    }

    /** A topic of received events. */
    public TopicPlan(
            String name, boolean existing, int partitions, int replicas, Duration retention) {
        this(name, existing, partitions, replicas, retention, Content.RECEIVED);
    }

    /** Kafka's settings of the topic that it is created with. */
    public Map<String, Object> settings() {
        Map<String, Object> settings = new TreeMap<>();
        settings.put("max.message.bytes", EventLimits.BATCH_BYTES);
        switch (content) {
            case RECEIVED, DERIVED -> {
                settings.put("retention.ms", retention.toMillis());
                settings.put(
                        "message.timestamp.type",
                        content == Content.RECEIVED ? "LogAppendTime" : "CreateTime");
            }
            case ROWS -> settings.put("cleanup.policy", "compact");
            case NUMBERS -> {
                settings.put("cleanup.policy", "compact");
                // the newest segment is not compacted, and who begins to read reads all of it
                settings.put("segment.bytes", SEGMENT_BYTES);
                settings.put("segment.ms", SEGMENT_MILLIS);
            }
        }
        return settings;
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
