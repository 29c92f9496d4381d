package dev.millrace.audit;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The topic of a test's only stream: made, written to, and its committed offsets. */
public final class Log implements AutoCloseable {
    private final Plan plan;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    public Log(Plan plan, String kafka) {
        this.plan = plan;
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka));
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka,
                                "linger.ms",
                                5,
                                "max.request.size",
                                3 << 20),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        try {
            Topics.ensure(admin, plan);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public String topic() {
        return plan.streams().getFirst().topic().name();
    }

    public void send(int partition, byte[] value) {
        producer.send(new ProducerRecord<>(topic(), partition, null, value));
    }

    public void send(int partition, String value) {
        send(partition, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns when Kafka has everything. */
    public void flush() {
        producer.flush();
    }

    /** What the audit's group has committed. */
    public Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        return admin.listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata().get();
    }

    public Admin admin() {
        return admin;
    }

    public String group() {
        return plan.name() + "-audit";
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
