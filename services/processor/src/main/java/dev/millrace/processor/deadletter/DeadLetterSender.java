package dev.millrace.processor.deadletter;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Sends events that do not count to the pipeline's topic of dead letters. Each arrives at least
 * once.
 */
public final class DeadLetterSender implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;
    private final String topic;

    /**
     * A sender.
     *
     * @param producer waits for all replicas and retries by itself
     * @param topic the topic of dead letters
     */
    public DeadLetterSender(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /** Sends a dead letter; completes when Kafka has it, or fails when that cannot be had. */
    public CompletableFuture<Void> send(DeadLetter letter) {
        return send(letter.toRecord(topic))
                .exceptionallyCompose(
                        failure ->
                                failure instanceof RecordTooLargeException
                                        ? send(letter.toShortRecord(topic))
                                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> letter) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        try {
            producer.send(
                    letter,
                    (metadata, failure) -> {
                        if (failure == null) {
                            sent.complete(null);
                        } else {
                            sent.completeExceptionally(failure);
                        }
                    });
        } catch (RuntimeException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    /**
     * Gives up what is not sent within a few seconds: the processor waits for its letters before it
     * stops.
     */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
