package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * One field of the objects in an array field.
 *
 * @param type what its values are; not an array
 * @param optional whether an element may lack it
 */
@ValidationRule(
        value = "self.type != 'array'",
        message = "type: the elements of an array cannot hold arrays")
public record ItemFieldSpec(
        @JsonPropertyDescription("What its values are; not an array") @Required FieldType type,
        @JsonPropertyDescription("Whether an element may lack it") Boolean optional) {}
