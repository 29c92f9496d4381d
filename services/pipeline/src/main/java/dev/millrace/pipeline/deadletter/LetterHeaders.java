package dev.millrace.pipeline.deadletter;

import dev.millrace.pipeline.event.Rejected.Cause;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What the headers of a dead letter say. They stand behind those that the event had, and of several
 * with one name the last is meant.
 *
 * @param reason what is wrong, for a person
 * @param cause the kind of fault
 * @param stream the stream in which the event does not count, or which could not be made from it
 * @param topic where the event is
 * @param partition of the topic
 * @param offset in the partition
 * @param element which element of an exploded array, from 0; negative where it is the whole event
 * @param at when Kafka received the event
 */
public record LetterHeaders(
        String reason,
        Cause cause,
        String stream,
        String topic,
        int partition,
        long offset,
        int element,
        Instant at) {
    private static final String PREFIX = "millrace-";

    /** Adds them to those of an event. */
    public void addTo(Headers headers) {
        add(headers, "reason", reason);
        add(headers, "cause", cause.name());
        add(headers, "stream", stream);
        add(headers, "topic", topic);
        add(headers, "partition", Integer.toString(partition));
        add(headers, "offset", Long.toString(offset));
        add(headers, "timestamp", at.toString());
        if (element >= 0) {
            add(headers, "element", Integer.toString(element));
        }
    }

    /** Says of a letter that only its beginning is there. */
    public static void addTruncated(Headers headers, int length) {
        add(headers, "truncated", Integer.toString(length));
    }

    /** What headers say; empty where they are none of a dead letter. */
    public static Optional<LetterHeaders> of(Headers headers) {
        try {
            String element = text(headers, "element");
            return Optional.of(
                    new LetterHeaders(
                            required(headers, "reason"),
                            Cause.valueOf(required(headers, "cause")),
                            required(headers, "stream"),
                            required(headers, "topic"),
                            Integer.parseInt(required(headers, "partition")),
                            Long.parseLong(required(headers, "offset")),
                            element == null ? -1 : Integer.parseInt(element),
                            Instant.parse(required(headers, "timestamp"))));
        } catch (IllegalArgumentException | DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String required(Headers headers, String name) {
        String text = text(headers, name);
        if (text == null) {
            throw new IllegalArgumentException("No header " + PREFIX + name);
        }
        return text;
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(PREFIX + name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
    }
}
