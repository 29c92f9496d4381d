package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

import java.util.List;
import java.util.Map;

/**
 * Events that flow: either a source with its own {@code fields}, or made {@code from} another
 * stream.
 *
 * @param name unique among streams and tables
 * @param fields the schema of a source: field name, or path such as {@code address.city}, to its
 *     type
 * @param time the timestamp field that gives event time; absent: when Kafka received the event
 * @param key the field that chooses the partition
 * @param lateness how late an event may be and still count, such as {@code 2m}; later ones go to
 *     dead letters
 * @param format encoding of the events: {@code json} by default
 * @param topic the Kafka topic; by default of the stream's name
 * @param generator realistic synthetic events, for demonstrations and load
 * @param from the stream that this one is made from
 * @param explode an array field of {@code from}: one event for each of its elements
 * @param join tables that add fields
 * @param compute new fields, as CEL expressions over the others
 */
public record StreamSpec(
        @Required @Pattern("[a-z]([a-z0-9_-]{0,61}[a-z0-9])?") String name,
        Map<String, FieldSpec> fields,
        String time,
        String key,
        @Pattern(Patterns.DURATION) String lateness,
        Format format,
        TopicSpec topic,
        GeneratorSpec generator,
        String from,
        String explode,
        List<JoinSpec> join,
        Map<String, String> compute) {

    /** How events are encoded in Kafka. */
    public enum Format {
        /** One JSON object an event, UTF-8. */
        json,
        /** Avro with a schema registry. */
        avro
    }
}
