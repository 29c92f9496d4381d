package dev.millrace.processor.deadletter;

import dev.millrace.pipeline.deadletter.LetterHeaders;
import dev.millrace.pipeline.event.Rejected;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * An event that does not count.
 *
 * @param stream the stream it was sent to
 * @param record the event as Kafka has it
 * @param rejected why it does not count
 */
public record DeadLetter(
        String stream, ConsumerRecord<ByteBuffer, ByteBuffer> record, Rejected rejected) {
    /**
     * The event for the topic of dead letters: its key, bytes and headers as they were, and behind
     * them {@link LetterHeaders}.
     */
    ProducerRecord<byte[], byte[]> toRecord(String topic) {
        return toRecord(topic, value());
    }

    /**
     * As {@link #toRecord(String)}, with only the beginning of an event that is too large for the
     * topic.
     */
    ProducerRecord<byte[], byte[]> toShortRecord(String topic) {
        byte[] start = Buffers.bytes(record.value(), 100_000);
        ProducerRecord<byte[], byte[]> letter = toRecord(topic, start);
        LetterHeaders.addTruncated(letter.headers(), record.value().remaining());
        return letter;
    }

    /** The bytes of the event; may be {@code null}. */
    public byte[] value() {
        return Buffers.bytes(record.value());
    }

    /** What the letter says about the event. */
    public LetterHeaders headers() {
        return new LetterHeaders(
                rejected.reason(),
                rejected.cause(),
                stream,
                record.topic(),
                record.partition(),
                record.offset(),
                -1,
                Instant.ofEpochMilli(record.timestamp()));
    }

    private ProducerRecord<byte[], byte[]> toRecord(String topic, byte[] value) {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(
                        topic, null, Buffers.bytes(record.key()), value, record.headers());
        headers().addTo(letter.headers());
        return letter;
    }
}
