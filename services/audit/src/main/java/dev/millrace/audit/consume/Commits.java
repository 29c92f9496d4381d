package dev.millrace.audit.consume;

import dev.millrace.audit.document.Entry;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells Kafka up to where each partition was written, and never more than that. For one thread. */
final class Commits {
    private static final Logger log = LoggerFactory.getLogger(Commits.class);

    private final Consumer<byte[], byte[]> consumer;
    private final Duration patience;

    /** Of partitions of ours, where anything was written. */
    private final Map<TopicPartition, OffsetAndMetadata> written = new HashMap<>();

    private boolean again;

    /** Commits of one member of the group; those that are waited for take no longer than so. */
    Commits(Consumer<byte[], byte[]> consumer, Duration patience) {
        this.consumer = consumer;
        this.patience = patience;
    }

    /** Events were written: tells Kafka, without waiting. */
    void written(List<Entry> entries) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (Entry entry : entries) {
            positions.put(
                    entry.partition(),
                    new OffsetAndMetadata(
                            entry.offset() + 1,
                            entry.leaderEpoch(),
                            Watermark.write(entry.watermark())));
        }
        written.putAll(positions);
        commit(positions);
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> positions) {
        if (!positions.isEmpty()) {
            consumer.commitAsync(
                    positions,
                    (offsets, failure) -> {
                        if (failure != null) {
                            log.debug("Not committed: {}", offsets, failure);
                            again = true;
                        }
                    });
        }
    }

    /** Tells Kafka again, where it did not take what it was told. */
    void retry() {
        if (again) {
            again = false;
            commit(Map.copyOf(written));
        }
    }

    /** Tells Kafka of some partitions, and waits. */
    void now(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>(written);
        positions.keySet().retainAll(partitions);
        try {
            if (!positions.isEmpty()) {
                consumer.commitSync(positions, patience);
            }
        } catch (KafkaException e) {
            log.info("Not committed, will be read again: {}", e.getMessage());
        }
    }

    /** Partitions are not ours any more. */
    void forget(Collection<TopicPartition> partitions) {
        written.keySet().removeAll(partitions);
    }
}
