package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

import java.util.Map;

/**
 * An answer of a shape that a client expects.
 *
 * @param path where it is served, such as {@code /stats}
 * @param stream also served as server-sent events at {@code PATH/stream}: on change, and at least
 *     this often
 * @param body the answer: maps and lists as they are, with {@code {metric: NAME}} and {@code {each:
 *     NAME, as: {...}}} filled in
 */
public record ViewSpec(
        @JsonPropertyDescription("Where it is served, such as /stats")
                @Required
                @Pattern("^(/[A-Za-z0-9._~-]+)+$")
                String path,
        @JsonPropertyDescription(
                        "Also served as server-sent events at PATH/stream: on change, and at least this often")
                @Pattern(Patterns.DURATION)
                String stream,
        @JsonPropertyDescription(
                        "The answer: maps and lists as they are, with {metric: NAME} and {each: NAME, as: {...}} filled in")
                @Required
                @PreserveUnknownFields
                Map<String, Object> body) {}
