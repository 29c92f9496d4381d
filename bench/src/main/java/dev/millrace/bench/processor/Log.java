package dev.millrace.bench.processor;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A topic, filled.
 *
 * @param events how many there are
 * @param bytesPerEvent of the values
 */
public record Log(
        String bootstrapServers, String topic, long events, Truth truth, double bytesPerEvent) {
    /**
     * Makes the topics of a pipeline as its workloads do, and sends events as its producer does.
     */
    public static Log fill(String bootstrapServers, Plan plan, Shape shape, long count)
            throws InterruptedException, ExecutionException {
        return fill(
                bootstrapServers,
                plan,
                shape,
                count,
                plan.sources().getFirst().topic().partitions());
    }

    /** The same with another number of partitions than the pipeline says. */
    static Log fill(String bootstrapServers, Plan plan, Shape shape, long count, int partitions)
            throws InterruptedException, ExecutionException {
        String topic = plan.sources().getFirst().topic().name();
        try (var admin =
                Admin.create(
                        Map.<String, Object>of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            if (partitions != plan.sources().getFirst().topic().partitions()) {
                admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
            }
            Topics.ensure(admin, plan);
        }
        return fill(bootstrapServers, topic, shape, count);
    }

    private static Log fill(String bootstrapServers, String topic, Shape shape, long count) {
        var truth = new Truth(shape);
        var events = new Events(shape, System.currentTimeMillis(), count);
        var failure = new AtomicReference<Exception>();
        long bytes = 0;
        try (var producer = producer(bootstrapServers)) {
            for (long i = 0; i < count; i++) {
                Events.Made event = events.next();
                truth.add(event);
                bytes += event.value().length;
                producer.send(
                        new ProducerRecord<>(topic, event.key(), event.value()),
                        (sent, fault) -> failure.compareAndSet(null, fault));
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("Kafka did not take the events", failure.get());
        }
        return new Log(bootstrapServers, topic, count, truth, (double) bytes / count);
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 << 10,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        64L << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
