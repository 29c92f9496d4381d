package dev.millrace.pipeline.registry;

import org.apache.avro.Schema;

/** Where the schemas of Avro events are. Safe for use by many threads. */
public interface Schemas {
    /** What there is under an id. */
    sealed interface Found {
        /** An Avro schema. */
        record Known(Schema schema) implements Found {}

        /**
         * None that can be read with.
         *
         * @param reason what is there instead
         */
        record Unknown(String reason) implements Found {}
    }

    /**
     * The schema of an id.
     *
     * @throws SchemasUnavailableException where that cannot be told now
     */
    Found find(int id);

    /**
     * Makes sure that a schema is there.
     *
     * @param subject what it is a version of, such as {@code purchases-value}
     * @return its id
     * @throws SchemasUnavailableException where that cannot be done now
     * @throws SchemaRefusedException where it must not be a version of the subject
     */
    int register(String subject, Schema schema);
}
