package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.GeneratorSpec;
import dev.millrace.pipeline.resource.JoinSpec;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import java.time.Duration;
import java.util.List;
import java.util.Map;

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
 * @param from the stream that it is made from; {@code null} for a source
 * @param explode the array field whose elements become events; {@code null}: none
 * @param joins tables that add fields
 * @param compute new fields and their CEL expressions
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
        String from,
        String explode,
        List<JoinSpec> joins,
        Map<String, String> compute) {

    /** Whether events come from outside rather than from another stream. */
    public boolean isSource() {
        return from == null;
    }
}
