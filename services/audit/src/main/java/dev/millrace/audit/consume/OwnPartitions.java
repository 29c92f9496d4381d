package dev.millrace.audit.consume;

import dev.millrace.audit.AuditMeters;
import dev.millrace.pipeline.event.Admission;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.Schemas;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The partitions that are ours, and where the reading of each begins. For one thread. */
final class OwnPartitions {
    private static final Logger log = LoggerFactory.getLogger(OwnPartitions.class);
    private static final Duration LOOK_UP = Duration.ofSeconds(30);

    private final Plan plan;
    private final AuditMeters meters;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, StreamPlan> streams = new HashMap<>();
    private final Map<String, EventDecoder> decoders = new HashMap<>();
    private final Map<TopicPartition, OwnPartition> partitions = new HashMap<>();

    /** None at first. */
    OwnPartitions(
            Plan plan, AuditMeters meters, Consumer<byte[], byte[]> consumer, Schemas schemas) {
        this.plan = plan;
        this.meters = meters;
        this.consumer = consumer;
        for (StreamPlan stream : plan.counted()) {
            streams.put(stream.topic().name(), stream);
            decoders.put(stream.topic().name(), EventDecoder.of(stream, schemas));
        }
    }

    /** The topics of which partitions may become ours. */
    Set<String> topics() {
        return streams.keySet();
    }

    OwnPartition get(TopicPartition partition) {
        return partitions.get(partition);
    }

    boolean contains(TopicPartition partition) {
        return partitions.containsKey(partition);
    }

    /** As they are now and later. */
    Set<TopicPartition> all() {
        return partitions.keySet();
    }

    /** Partitions become ours: each is read on from where it was committed. */
    void begin(Collection<TopicPartition> assigned) {
        var committed = consumer.committed(Set.copyOf(assigned), LOOK_UP);
        var begins = consumer.beginningOffsets(assigned, LOOK_UP);
        for (TopicPartition partition : assigned) {
            begin(partition, committed.get(partition), begins.get(partition));
        }
    }

    private void begin(TopicPartition partition, OffsetAndMetadata position, long begin) {
        var watermark = Watermark.read(position == null ? null : position.metadata());
        if (watermark.isEmpty()) {
            // Whatever was recorded before is there already: writing it again does nothing.
            log.info("Recording {} from its beginning, offset {}", partition, begin);
            consumer.seek(partition, begin);
        } else if (position.offset() < begin) {
            lost(partition, begin - position.offset());
            consumer.seek(partition, begin);
        } else {
            log.info("Recording {} from offset {}", partition, position.offset());
            consumer.seek(partition, position);
        }
        admit(partition, watermark.orElse(0));
    }

    private void admit(TopicPartition partition, long watermark) {
        String topic = partition.topic();
        EventDecoder decoder = decoders.get(topic);
        partitions.put(
                partition,
                new OwnPartition(
                        partition,
                        new Admission(streams.get(topic), plan.clock(), decoder, watermark),
                        decoder));
    }

    /** Goes on where the log begins, of partitions that do not hold the position any more. */
    void jump(Map<TopicPartition, Long> positions) {
        var begins = consumer.beginningOffsets(positions.keySet(), LOOK_UP);
        positions.forEach(
                (partition, position) -> {
                    long begin = begins.get(partition);
                    if (position < begin) {
                        lost(partition, begin - position);
                    } else {
                        log.warn(
                                "{} ends before offset {}, which had been read: Kafka has lost"
                                        + " events, or the topic was made anew. Recording it from"
                                        + " its beginning",
                                partition,
                                position);
                        admit(partition, 0);
                    }
                    consumer.seek(partition, begin);
                });
    }

    private void lost(TopicPartition partition, long events) {
        meters.lost(events);
        log.error(
                "{} events of {} were gone from Kafka before they were recorded: give the topic a"
                        + " longer retention",
                events,
                partition);
    }

    /** Where each has been read to. */
    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        all().forEach(partition -> positions.put(partition, consumer.position(partition)));
        return positions;
    }

    /** How many events wait in Kafka. */
    long lag() {
        return all().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    /** Partitions are not ours any more. */
    void forget(Collection<TopicPartition> gone) {
        partitions.keySet().removeAll(gone);
    }
}
