package dev.millrace.pipeline.event;

import dev.millrace.pipeline.plan.Schema;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.registry.Schemas.Found;
import dev.millrace.pipeline.registry.SchemasUnavailableException;

import tools.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Any value that a registry's schema was written with, as JSON: records, and also plain values such
 * as the keys of records. Safe for use by many threads.
 */
public final class AvroJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int HEADER = 5;

    /** Of how many schemas it keeps how to read them. */
    private static final int KEPT = 1_000;

    private final PathTree tree;
    private final Schemas schemas;
    private final Map<Integer, AvroReading> readings = new ConcurrentHashMap<>();

    /** Where bytes are no such value. */
    public static final class NotAvroException extends Exception {
        private static final long serialVersionUID = 1;

        private NotAvroException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * A reader of rows, and of Debezium's changes of them.
     *
     * @param rows the declared fields: these decide whether a time is written as a number
     */
    public AvroJson(Schema rows, Schemas schemas) {
        this.tree = PathTree.ofChanges(rows.fields());
        this.schemas = schemas;
    }

    /** Whether bytes begin as such a value does. */
    public static boolean isMarked(byte[] bytes) {
        return bytes != null && bytes.length >= HEADER && bytes[0] == 0;
    }

    /**
     * A value as JSON in UTF-8.
     *
     * @throws NotAvroException with what is wrong
     * @throws SchemasUnavailableException where the registry does not answer: try again
     */
    public byte[] json(byte[] bytes) throws NotAvroException {
        if (bytes.length == 0 || bytes[0] != 0) {
            throw new NotAvroException(
                    "Not Avro: "
                            + (bytes.length == 0
                                    ? "it is empty"
                                    : "begins with 0x"
                                            + HexFormat.of().toHexDigits(bytes[0])
                                            + " rather than with a byte 0 and the id of its schema"));
        }
        if (bytes.length < HEADER) {
            throw new NotAvroException(
                    "Not Avro: " + bytes.length + " bytes do not hold a schema's id");
        }
        if (bytes.length > EventLimits.BYTES) {
            throw new NotAvroException("Too large: more than " + EventLimits.BYTES + " bytes");
        }
        int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
        Object[] value = reading(id).value(new AvroBytes(bytes, HEADER));
        if (value == null) {
            throw new NotAvroException("Not Avro of schema " + id);
        }
        return JSON.writeValueAsBytes(value[0]);
    }

    private AvroReading reading(int id) throws NotAvroException {
        AvroReading known = readings.get(id);
        if (known != null) {
            return known;
        }
        return switch (schemas.find(id)) {
            case Found.Unknown(var reason) ->
                    throw new NotAvroException("Unknown schema: " + reason);
            case Found.Known(var schema) -> {
                if (readings.size() >= KEPT) {
                    readings.clear();
                }
                AvroReading reading = new AvroReading(id, schema, tree);
                readings.put(id, reading);
                yield reading;
            }
        };
    }
}
