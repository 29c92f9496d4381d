package dev.millrace.enricher.run;

import dev.millrace.enricher.Kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
        int before;
        do {
            before = records.size();
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        } while (records.size() > before);
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
