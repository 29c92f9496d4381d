package dev.millrace.enricher.run;

import dev.millrace.enricher.Kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is committed in a topic, read on and on. */
final class Tail implements AutoCloseable {
    private final String topic;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private Consumer<byte[], byte[]> consumer;

    Tail(String topic) {
        this.topic = topic;
    }

    /** How many records there are now. */
    synchronized int size() {
        if (consumer == null) {
            consumer = Kafka.consumer();
            consumer.assign(
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList());
            consumer.seekToBeginning(consumer.assignment());
        }
        // to the end of now: more comes while this reads
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.keySet().stream()
                .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records.size();
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        return List.copyOf(records);
    }

    @Override
    public synchronized void close() {
        if (consumer != null) {
            consumer.close();
        }
    }
}
