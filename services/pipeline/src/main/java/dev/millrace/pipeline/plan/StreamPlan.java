package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.GeneratorSpec;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import java.time.Duration;

/**
 * Events that flow.
 *
 * @param name its name
 * @param format how events are encoded
 * @param schema its fields
 * @param time the field of event time; {@code null}: when Kafka received the event
 * @param key the field that chooses the partition; {@code null}: none
 * @param lateness how late an event may be and still count
 * @param topic where its events are
 * @param generator what makes synthetic events; {@code null}: nothing. Checked; absent parts are
 *     {@code null} still
 * @param derivation how it is made from another stream; {@code null} for a source
 */
public record StreamPlan(
        String name,
        Format format,
        Schema schema,
        FieldPlan time,
        FieldPlan key,
        Duration lateness,
        TopicPlan topic,
        GeneratorSpec generator,
        Derivation derivation) {

    /** Whether events come from outside rather than from another stream. */
    public boolean isSource() {
        return derivation == null;
    }

    /** The name of the stream that it is made from; {@code null} for a source. */
    public String from() {
        return derivation == null ? null : derivation.from();
    }

    /** The same stream with another topic. */
    public StreamPlan with(TopicPlan other) {
        return new StreamPlan(
                name, format, schema, time, key, lateness, other, generator, derivation);
    }
}
