package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import dev.millrace.pipeline.resource.StreamSpec.Format;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

import java.util.Map;

/**
 * What is known about things: rows by key, from exactly one of {@code file}, {@code topic} and
 * {@code cdc}; beside {@code cdc} a {@code file} may stand in for the database in local runs.
 *
 * @param name unique among streams and tables
 * @param key the field that identifies a row
 * @param fields the schema; absent: every field is taken as it comes
 * @param file CSV or NDJSON beside the manifest; beside cdc: the rows of local runs without the
 *     database
 * @param topic a compacted Kafka topic
 * @param format how the topic's values are encoded: {@code json}, by default, or {@code avro};
 *     needs topic
 * @param cdc a table of a relational database, followed by Debezium
 */
@ValidationRule(
        value =
                "has(self.topic) ? !has(self.file) && !has(self.cdc) : has(self.file) || has(self.cdc)",
        message =
                "needs exactly one of file, topic and cdc; beside cdc a file may stand in for local runs")
@ValidationRule(
        value = "!has(self.format) || has(self.topic)",
        message = "format is for rows in a topic of others: needs topic")
public record TableSpec(
        @JsonPropertyDescription("Unique among streams and tables")
                @Required
                @Pattern(Patterns.NAME)
                String name,
        @JsonPropertyDescription("The field that identifies a row") @Required String key,
        @JsonPropertyDescription("The schema; absent: every field is taken as it comes")
                Map<String, FieldSpec> fields,
        @JsonPropertyDescription(
                        "CSV or NDJSON beside the manifest; beside cdc: the rows of local runs without the database")
                String file,
        @JsonPropertyDescription("A compacted Kafka topic") String topic,
        @JsonPropertyDescription(
                        "How the topic's values are encoded: json, by default, or avro; needs topic")
                Format format,
        @JsonPropertyDescription("A table of a relational database, followed by Debezium")
                CdcSpec cdc) {

    /**
     * Where rows are captured.
     *
     * @param engine what the database is: {@code mariadb}, {@code mysql} or {@code postgresql}
     * @param host its name or address, as Kafka Connect's pods reach it
     * @param port its port, 1 to 65535; by default 3306, of PostgreSQL 5432
     * @param database name of the database
     * @param schema of PostgreSQL: the schema that the table is in; by default {@code public}
     * @param table name of the table in it
     * @param secretRef name of the Secret with {@code username} and {@code password} of a user that
     *     may read and follow the table
     * @param tls how the connection is secured: {@code require} by default
     * @param prefix the first part of the topic's name, PREFIX.DATABASE.TABLE; by default the
     *     pipeline's name
     */
    public record CdcSpec(
            @JsonPropertyDescription("What the database is: mariadb, mysql or postgresql") @Required
                    Engine engine,
            @JsonPropertyDescription("Its name or address, as Kafka Connect's pods reach it")
                    @Required
                    @Pattern("^[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}$")
                    String host,
            @JsonPropertyDescription("Its port, 1 to 65535; by default 3306, of PostgreSQL 5432")
                    @Min(1)
                    @Max(65535)
                    Integer port,
            @JsonPropertyDescription("Name of the database")
                    @Required
                    @Pattern("^[A-Za-z0-9_-]{1,64}$")
                    String database,
            @JsonPropertyDescription(
                            "Of PostgreSQL: the schema that the table is in; by default public")
                    @Pattern("^[A-Za-z0-9_-]{1,64}$")
                    String schema,
            @JsonPropertyDescription("Name of the table in it")
                    @Required
                    @Pattern("^[A-Za-z0-9_-]{1,64}$")
                    String table,
            @JsonPropertyDescription(
                            "Name of the Secret with username and password of a user that may read and follow the table")
                    @Required
                    String secretRef,
            @JsonPropertyDescription("How the connection is secured: require by default")
                    @Default("require")
                    Tls tls,
            @JsonPropertyDescription(
                            "The first part of the topic's name, PREFIX.DATABASE.TABLE; by default the pipeline's name")
                    @Pattern("^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}$")
                    String prefix) {}

    /** Kinds of databases that are followed. */
    public enum Engine {
        /** MariaDB 10.5 or newer. */
        mariadb,
        /** MySQL 8.0 or newer. */
        mysql,
        /** PostgreSQL 12 or newer. */
        postgresql
    }

    /** How the connection to a database is secured. */
    public enum Tls {
        /** Not at all. */
        disable,
        /** Encrypted, whoever answers. */
        require,
        /** Encrypted, and the server's certificate and name are checked. */
        verify
    }
}
