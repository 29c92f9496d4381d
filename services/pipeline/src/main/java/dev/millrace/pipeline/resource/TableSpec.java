package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

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
public record TableSpec(
        @Required @Pattern("[a-z]([a-z0-9_-]{0,61}[a-z0-9])?") String name,
        @Required String key,
        Map<String, FieldSpec> fields,
        String file,
        String topic,
        CdcSpec cdc) {

    /**
     * Where rows are captured.
     *
     * @param database name of the database
     * @param table name of the table in it
     */
    public record CdcSpec(@Required String database, @Required String table) {}
}
