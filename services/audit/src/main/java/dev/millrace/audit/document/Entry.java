package dev.millrace.audit.document;

import dev.millrace.pipeline.event.Rejected;

import org.apache.kafka.common.TopicPartition;

import java.util.Optional;

/**
 * An event of the log, decided upon, on its way to Mongo.
 *
 * @param partition where it is
 * @param offset its place there
 * @param leaderEpoch of the leader that gave it
 * @param received when Kafka received it, in milliseconds since 1970
 * @param value its bytes; may be null. Not to be changed
 * @param time event time of a valid event, in milliseconds since 1970
 * @param rejected why it is invalid; {@code null} for a valid event
 * @param watermark highest event time of the partition up to and with it, in milliseconds since
 *     1970
 * @param arrived when it was read, on {@link System#nanoTime}'s clock
 */
public record Entry(
        TopicPartition partition,
        long offset,
        Optional<Integer> leaderEpoch,
        long received,
        byte[] value,
        long time,
        Rejected rejected,
        long watermark,
        long arrived) {
    /** What an entry takes in memory besides its bytes, roughly. */
    private static final int OVERHEAD = 160;

    /** The document's {@code _id}: {@code TOPIC:PARTITION:OFFSET}. */
    public String id() {
        return partition.topic() + ":" + partition.partition() + ":" + offset;
    }

    /** How many bytes of memory it takes, roughly. */
    public int weight() {
        return OVERHEAD + (value == null ? 0 : value.length);
    }
}
