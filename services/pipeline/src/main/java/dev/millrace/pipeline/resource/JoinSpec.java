package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;

import java.util.Map;

/**
 * A table that adds its fields to the events of a stream.
 *
 * @param table the table's name
 * @param key the stream's field that holds the table's key
 * @param missing what becomes of an event whose key the table does not have; {@code keep} by
 *     default
 * @param as new field to the table's field; absent: all the table's fields under their own names
 */
public record JoinSpec(
        @JsonPropertyDescription("The table's name") @Required String table,
        @JsonPropertyDescription("The stream's field that holds the table's key") @Required
                String key,
        @JsonPropertyDescription(
                        "What becomes of an event whose key the table does not have; keep by default")
                @Default("keep")
                Missing missing,
        @JsonPropertyDescription(
                        "New field to the table's field; absent: all the table's fields under their own names")
                Map<String, String> as) {
    /** What becomes of an event without a match. */
    public enum Missing {
        /** It goes on, without the table's fields. */
        keep,
        /** It is left out. */
        drop,
        /** It goes to the dead letters. */
        @JsonProperty("dead-letter")
        deadLetter
    }
}
