package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

import java.util.Map;

/**
 * What is known about things: rows by key, from exactly one of {@code file}, {@code topic} and
 * {@code cdc}.
 *
 * @param name unique among streams and tables
 * @param key the field that identifies a row
 * @param fields the schema; absent: every field is taken as it comes
 * @param file CSV or NDJSON beside the manifest
 * @param topic a compacted Kafka topic
 * @param cdc a table of a relational database, followed by Debezium
 */
@ValidationRule(
        value =
                "(has(self.file) ? 1 : 0) + (has(self.topic) ? 1 : 0) + (has(self.cdc) ? 1 : 0) == 1",
        message = "needs exactly one of file, topic and cdc")
public record TableSpec(
        @JsonPropertyDescription("Unique among streams and tables")
                @Required
                @Pattern(Patterns.NAME)
                String name,
        @JsonPropertyDescription("The field that identifies a row") @Required String key,
        @JsonPropertyDescription("The schema; absent: every field is taken as it comes")
                Map<String, FieldSpec> fields,
        @JsonPropertyDescription("CSV or NDJSON beside the manifest") String file,
        @JsonPropertyDescription("A compacted Kafka topic") String topic,
        @JsonPropertyDescription("A table of a relational database, followed by Debezium")
                CdcSpec cdc) {

    /**
     * Where rows are captured.
     *
     * @param database name of the database
     * @param table name of the table in it
     */
    public record CdcSpec(
            @JsonPropertyDescription("Name of the database") @Required String database,
            @JsonPropertyDescription("Name of the table in it") @Required String table) {}
}
