package dev.millrace.pipeline.plan;

/**
 * What is known about things: rows in a compacted topic.
 *
 * @param name its name
 * @param key the field that identifies a row
 * @param schema its fields
 * @param topic where its rows are
 * @param source where they come from
 */
public record TablePlan(String name, String key, Schema schema, TopicPlan topic, Source source) {

    /** Where rows come from. */
    public sealed interface Source {}

    /**
     * A file that is loaded into the topic.
     *
     * @param path below the folder of the manifest
     * @param format how rows are written in it
     */
    public record File(String path, Format format) implements Source {}

    /** How rows are written in a file. */
    public enum Format {
        /** A header with the names of fields, then a line for each row; RFC 4180. */
        CSV,
        /** A JSON object on each line. */
        NDJSON
    }

    /**
     * Somebody writes the topic.
     *
     * @param avro whether in Avro, rather than in JSON
     */
    public record Topic(boolean avro) implements Source {}

    /** Whether rows are Avro, so that a schema registry is needed. */
    public boolean isAvro() {
        return source instanceof Topic(boolean avro) && avro;
    }

    /**
     * A table of a relational database, followed by Debezium.
     *
     * @param database where it is
     * @param schema the schema of PostgreSQL that it is in; {@code null} elsewhere
     * @param table its name
     * @param standIn the rows of local runs without the database; {@code null} for none
     */
    public record Capture(DatabasePlan database, String schema, String table, File standIn)
            implements Source {
        /** What Debezium calls it: with the database, or the schema of PostgreSQL, in front. */
        public String qualified() {
            return (schema == null ? database.database() : schema) + "." + table;
        }
    }

    /** The field that identifies a row; only where fields are declared. */
    public FieldPlan keyField() {
        return schema.field(key).orElseThrow();
    }

    /** The same table in another topic. */
    public TablePlan with(TopicPlan other) {
        return new TablePlan(name, key, schema, other, source);
    }
}
