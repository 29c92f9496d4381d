package dev.millrace.processor.deadletter;

import dev.millrace.pipeline.event.Rejected;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

import tools.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An event that does not count.
 *
 * @param stream the stream it was sent to
 * @param record the event as Kafka has it
 * @param rejected why it does not count
 */
public record DeadLetter(
        String stream, ConsumerRecord<ByteBuffer, ByteBuffer> record, Rejected rejected) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Bytes of the event that are shown to people. */
    private static final int SHOWN = 2_048;

    /**
     * The event for the topic of dead letters: its key, bytes and headers as they were, and headers
     * {@code millrace-reason}, {@code -cause}, {@code -stream}, {@code -topic}, {@code -partition},
     * {@code -offset} and {@code -timestamp} (ISO-8601, when Kafka received it) that tell about it.
     */
    ProducerRecord<byte[], byte[]> toRecord(String topic) {
        return toRecord(topic, value());
    }

    /**
     * As {@link #toRecord(String)}, with only the beginning of an event that is too large for the
     * topic.
     */
    ProducerRecord<byte[], byte[]> toShortRecord(String topic) {
        byte[] start = bytes(record.value(), 100_000);
        ProducerRecord<byte[], byte[]> letter = toRecord(topic, start);
        put(letter.headers(), "truncated", Integer.toString(record.value().remaining()));
        return letter;
    }

    /** The bytes of the event; may be {@code null}. */
    public byte[] value() {
        return bytes(record.value(), Integer.MAX_VALUE);
    }

    private ProducerRecord<byte[], byte[]> toRecord(String topic, byte[] value) {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(
                        topic,
                        null,
                        bytes(record.key(), Integer.MAX_VALUE),
                        value,
                        record.headers());
        Headers headers = letter.headers();
        put(headers, "reason", rejected.reason());
        put(headers, "cause", rejected.cause().name());
        put(headers, "stream", stream);
        put(headers, "topic", record.topic());
        put(headers, "partition", Integer.toString(record.partition()));
        put(headers, "offset", Long.toString(record.offset()));
        put(headers, "timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
        return letter;
    }

    /** The first bytes of a buffer, which stays as it is. */
    private static byte[] bytes(ByteBuffer buffer, int most) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[Math.min(buffer.remaining(), most)];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    private static void put(Headers headers, String name, String value) {
        headers.add("millrace-" + name, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The event as it is shown to people: JSON with the beginning of its text.
     *
     * @param readable the event in a form that people can read; may be null
     */
    public String shown(byte[] readable) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("stream", stream);
        shown.put("topic", record.topic());
        shown.put("partition", record.partition());
        shown.put("offset", record.offset());
        shown.put("at", Instant.ofEpochMilli(record.timestamp()).toString());
        shown.put("reason", rejected.reason());
        shown.put("cause", rejected.cause().name());
        shown.put(
                "event",
                readable == null
                        ? null
                        : new String(
                                readable,
                                0,
                                Math.min(readable.length, SHOWN),
                                StandardCharsets.UTF_8));
        return JSON.writeValueAsString(shown);
    }
}
