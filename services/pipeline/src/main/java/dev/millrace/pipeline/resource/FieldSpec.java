package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.fabric8.generator.annotation.Required;

import java.util.List;
import java.util.Map;

/**
 * One field of a stream or table.
 *
 * @param type what its values are
 * @param values the only strings allowed ({@code enum} in the manifest)
 * @param optional whether an event may lack it; required otherwise
 * @param items the fields of each element, of an array of objects
 */
public record FieldSpec(
        @Required FieldType type,
        @JsonProperty("enum") List<String> values,
        Boolean optional,
        Map<String, ItemFieldSpec> items) {}
