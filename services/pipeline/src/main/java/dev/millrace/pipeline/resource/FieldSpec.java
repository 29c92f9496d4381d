package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

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
@ValidationRule(
        value = "!has(self.enum) || self.type == 'string'",
        message = "enum is for type: string only")
@ValidationRule(
        value = "!has(self.items) || self.type == 'array'",
        message = "items is for type: array only")
public record FieldSpec(
        @JsonPropertyDescription("What its values are") @Required FieldType type,
        @JsonPropertyDescription("The only strings allowed (enum in the manifest)")
                @JsonProperty("enum")
                List<String> values,
        @JsonPropertyDescription("Whether an event may lack it; required otherwise")
                Boolean optional,
        @JsonPropertyDescription("The fields of each element, of an array of objects")
                Map<String, ItemFieldSpec> items) {}
