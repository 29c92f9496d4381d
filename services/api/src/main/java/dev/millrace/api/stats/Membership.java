package dev.millrace.api.stats;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * The membership of this replica in the group of those that may write the topic. Who has its first
 * partition writes; nothing is read by the group. For one thread.
 */
final class Membership implements ConsumerRebalanceListener, AutoCloseable {
    private static final Duration LEAVE = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition first;
    private boolean writer;
    private boolean interrupted;

    /** Joins with the next {@link #look}. */
    Membership(Consumer<byte[], byte[]> consumer, String topic) {
        this.consumer = consumer;
        this.first = new TopicPartition(topic, 0);
        consumer.subscribe(List.of(topic), this);
    }

    /** What a look at the group tells. */
    enum Turn {
        /** Another replica writes, or it is being found out who does. */
        other,
        /** This replica writes from now on: another one may have written since it last did. */
        begins,
        /** This replica writes as it did before. */
        goesOn
    }

    /**
     * Looks whose turn it is.
     *
     * @param longest how long to wait where it is another's
     * @throws org.apache.kafka.common.KafkaException where Kafka refuses this replica
     */
    Turn look(Duration longest) {
        boolean before = writer;
        interrupted = false;
        consumer.poll(before ? Duration.ZERO : longest);
        if (!writer) {
            return Turn.other;
        }
        return before && !interrupted ? Turn.goesOn : Turn.begins;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
        writer |= partitions.contains(first);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (partitions.contains(first)) {
            writer = false;
            interrupted = true;
        }
    }

    /** Leaves the group, so that another replica need not wait for the end of the session. */
    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(LEAVE));
    }
}
