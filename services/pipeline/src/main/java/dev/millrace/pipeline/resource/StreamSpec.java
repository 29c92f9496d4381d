package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

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
@ValidationRule(
        value = "has(self.fields) != has(self.from)",
        message = "needs fields, or from another stream: one of the two")
@ValidationRule(
        value = "has(self.from) || !(has(self.explode) || has(self.join) || has(self.compute))",
        message =
                "explode, join and compute are for streams made from another: add from, or leave them out")
@ValidationRule(
        value = "!has(self.from) || !has(self.generator)",
        message = "generator is for sources: leave it out of a stream with from")
@ValidationRule(
        value = "self.?topic.?partitions.orValue(6) >= oldSelf.?topic.?partitions.orValue(6)",
        message =
                "topic.partitions: a topic cannot lose partitions; keep the number, or make another stream with a topic of its own")
public record StreamSpec(
        @JsonPropertyDescription("Unique among streams and tables")
                @Required
                @Pattern(Patterns.NAME)
                String name,
        @JsonPropertyDescription(
                        "The schema of a source: field name, or path such as address.city, to its type")
                Map<String, FieldSpec> fields,
        @JsonPropertyDescription(
                        "The timestamp field that gives event time; absent: when Kafka received the event")
                String time,
        @JsonPropertyDescription("The field that chooses the partition") String key,
        @JsonPropertyDescription(
                        "How late an event may be and still count, such as 2m; later ones go to dead letters")
                @Pattern(Patterns.DURATION)
                String lateness,
        @JsonPropertyDescription("Encoding of the events: json by default") @Default("json")
                Format format,
        @JsonPropertyDescription("The Kafka topic; by default of the stream's name")
                TopicSpec topic,
        @JsonPropertyDescription("Realistic synthetic events, for demonstrations and load")
                GeneratorSpec generator,
        @JsonPropertyDescription("The stream that this one is made from") String from,
        @JsonPropertyDescription("An array field of from: one event for each of its elements")
                String explode,
        @JsonPropertyDescription("Tables that add fields") List<JoinSpec> join,
        @JsonPropertyDescription("New fields, as CEL expressions over the others")
                Map<String, String> compute) {

    /** How events are encoded in Kafka. */
    public enum Format {
        /** One JSON object an event, UTF-8. */
        json,
        /** Avro with a schema registry. */
        avro
    }
}
