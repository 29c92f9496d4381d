package dev.millrace.local.faults;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends the events of a {@link Truth} to Kafka, some each few milliseconds, until it is closed.
 * Each is in Kafka once, whatever happens to the broker.
 */
final class Feed implements AutoCloseable {
    private static final int AT_ONCE = 5;

    private final Truth truth;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private final long pauseNanos;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean ending;

    /** A feed of about so many events in a second, which begins now. */
    Feed(Truth truth, String kafka, String topic, int partitions, int rate) {
        this.truth = truth;
        this.topic = topic;
        this.partitions = partitions;
        this.pauseNanos = 1_000_000_000L * AT_ONCE / rate;
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka,
                                "acks",
                                "all",
                                "enable.idempotence",
                                true,
                                "linger.ms",
                                2,
                                "delivery.timeout.ms",
                                300_000,
                                "max.block.ms",
                                300_000),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.thread = Thread.ofPlatform().name("feed").daemon(true).start(this::run);
    }

    private void run() {
        int turn = 0;
        while (!ending) {
            for (int i = 0; i < AT_ONCE; i++) {
                producer.send(
                        new ProducerRecord<>(topic, turn++ % partitions, null, truth.next()),
                        (sent, e) -> {
                            if (e != null) {
                                failure.set(e);
                            }
                        });
            }
            LockSupport.parkNanos(pauseNanos);
        }
    }

    /** Sends what is left; Kafka has every event of the truth then. */
    @Override
    public void close() throws InterruptedException {
        ending = true;
        thread.join();
        producer.close();
        if (failure.get() != null) {
            throw new AssertionError("Kafka did not take an event", failure.get());
        }
    }
}
