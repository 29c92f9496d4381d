package dev.millrace.api.stats;

import dev.millrace.pipeline.plan.Plan;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The topic, written by this replica alone: what any other one has not finished is undone by Kafka,
 * and what it sends from then on is refused. For one thread.
 */
final class Topic implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String name;
    private final Producer<byte[], byte[]> producer;
    private final Published published;

    private Topic(String name, Producer<byte[], byte[]> producer, Published published) {
        this.name = name;
        this.producer = producer;
        this.published = published;
    }

    /**
     * Takes the topic over, and reads what is in it.
     *
     * @param longest how long Kafka may send nothing
     * @throws org.apache.kafka.common.KafkaException where Kafka refuses, or does not answer
     */
    static Topic takeOver(Plan plan, Clients clients, Duration longest) {
        Producer<byte[], byte[]> producer = clients.producer(plan.statsTopic());
        try {
            // before reading: nobody else writes any more from then on
            producer.initTransactions();
            Published published = new Published(plan.stats());
            try (Consumer<byte[], byte[]> reader = clients.reader()) {
                readAll(reader, plan.statsTopic(), published, longest);
            }
            return new Topic(plan.statsTopic(), producer, published);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private static void readAll(
            Consumer<byte[], byte[]> reader, String topic, Published published, Duration longest) {
        List<TopicPartition> partitions =
                reader.partitionsFor(topic).stream()
                        .map(one -> new TopicPartition(topic, one.partition()))
                        .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
        long heard = System.nanoTime();
        while (ends.entrySet().stream()
                .anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> message : reader.poll(POLL)) {
                published.read(message.key(), message.value());
                heard = System.nanoTime();
            }
            if (System.nanoTime() - heard > longest.toNanos()) {
                throw new TimeoutException("Kafka sends nothing of the topic " + topic);
            }
        }
    }

    /** What is in it. */
    Published published() {
        return published;
    }

    /**
     * Writes all of some messages, or none.
     *
     * @throws org.apache.kafka.common.KafkaException where they are not, or perhaps not, written:
     *     then the topic has to be taken over anew
     */
    void write(List<Message> messages) {
        begin(messages);
        commit();
    }

    /** Sends messages that nobody sees yet. */
    void begin(List<Message> messages) {
        producer.beginTransaction();
        for (Message message : messages) {
            producer.send(new ProducerRecord<>(name, message.keyBytes(), message.valueBytes()));
        }
    }

    /** Shows what was sent. */
    void commit() {
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
