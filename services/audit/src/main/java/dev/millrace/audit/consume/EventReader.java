package dev.millrace.audit.consume;

import dev.millrace.audit.AuditStatus;
import dev.millrace.pipeline.registry.SchemasUnavailableException;
import dev.millrace.pipeline.topic.HeldPartitions;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads events and decides on them, in the order of their partitions. For one thread. */
final class EventReader {
    private static final Logger log = LoggerFactory.getLogger(EventReader.class);

    private final Consumer<byte[], byte[]> consumer;
    private final OwnPartitions partitions;
    private final AuditStatus status;

    /** Those that wait for the schema of an event. */
    private final HeldPartitions held;

    EventReader(Consumer<byte[], byte[]> consumer, OwnPartitions partitions, AuditStatus status) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.status = status;
        this.held = new HeldPartitions(consumer);
    }

    /**
     * Reads what is there.
     *
     * @param longest how long to wait where nothing is
     * @param decided takes the events
     */
    void read(Duration longest, Delivery decided) {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(longest);
        } catch (OffsetOutOfRangeException e) {
            partitions.jump(e.offsetOutOfRangePartitions());
            return;
        }
        long now = System.nanoTime();
        for (TopicPartition partition : records.partitions()) {
            decide(partition, records.records(partition), now, decided);
        }
        if (!decided.isFull()) {
            held.resumeIfDue(partitions.all());
        }
        status.undecided(held.reason().orElse(null));
    }

    /** Decides on events, up to one that cannot be read yet: the partition waits in front of it. */
    private void decide(
            TopicPartition partition,
            List<ConsumerRecord<byte[], byte[]>> records,
            long now,
            Delivery decided) {
        OwnPartition ours = partitions.get(partition);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                decided.add(ours.decide(record, now));
            } catch (SchemasUnavailableException e) {
                if (held.hold(record, e.getMessage())) {
                    log.warn("{} waits at {}: {}", partition, record.offset(), e.getMessage());
                }
                return;
            }
        }
        held.read(partition);
    }

    /** Reads no more than memory holds, but goes on polling: that keeps the group's membership. */
    void throttle(boolean full) {
        Set<TopicPartition> paused = new HashSet<>(consumer.paused());
        if (full && paused.size() < consumer.assignment().size()) {
            consumer.pause(consumer.assignment());
        } else if (!full) {
            paused.removeIf(held::waits);
            consumer.resume(paused);
        }
    }
}
