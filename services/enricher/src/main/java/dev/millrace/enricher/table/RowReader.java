package dev.millrace.enricher.table;

import dev.millrace.enricher.table.RowChange.Delete;
import dev.millrace.enricher.table.RowChange.Put;
import dev.millrace.enricher.table.RowChange.Unreadable;
import dev.millrace.pipeline.event.AvroJson;
import dev.millrace.pipeline.event.AvroJson.NotAvroException;
import dev.millrace.pipeline.event.EventLimits;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.registry.SchemasUnavailableException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;

/**
 * Reads the records of a table's topic: plain JSON rows, or changes as Debezium writes them ({@code
 * before}, {@code after}, {@code op}, also within {@code payload}, or flattened with {@code
 * __deleted}). A row's key is its key field; where there is no row it is the record's key, plain or
 * an object with that field. Safe for use by many threads.
 */
public final class RowReader {
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(EventLimits.DEPTH)
                                                    .maxStringLength(EventLimits.BYTES)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final TablePlan table;
    private final RowCodec codec;
    private final String key;
    private final boolean enveloped;
    private final AvroJson avro;

    /** A reader of the records of a table that is not Avro. */
    public RowReader(TablePlan table) {
        this(table, null);
    }

    /**
     * A reader of a table's records.
     *
     * @param schemas where those of Avro are; null for a plan without
     */
    public RowReader(TablePlan table, Schemas schemas) {
        this.avro = table.isAvro() ? new AvroJson(table.schema(), schemas) : null;
        this.table = table;
        this.codec = new RowCodec(table);
        this.key = table.key();
        // what is loaded from a file is written plainly, whatever its fields are called
        this.enveloped =
                !(table.source() instanceof TablePlan.File)
                        && table.schema().field("op").isEmpty()
                        && table.schema().field("payload").isEmpty();
    }

    /**
     * What a record means.
     *
     * @throws SchemasUnavailableException where that cannot be told now
     */
    public RowChange read(byte[] recordKey, byte[] value) {
        if (avro == null) {
            return readJson(recordKey, value);
        }
        byte[] key = keyJson(recordKey);
        if (value == null || value.length == 0) {
            return readJson(key, null);
        }
        try {
            return readJson(key, avro.json(value));
        } catch (NotAvroException e) {
            return new Unreadable(text(key), e.getMessage());
        }
    }

    /** Keys are often plain texts beside values in Avro. */
    private byte[] keyJson(byte[] recordKey) {
        try {
            return AvroJson.isMarked(recordKey) ? avro.json(recordKey) : recordKey;
        } catch (NotAvroException e) {
            return recordKey;
        }
    }

    private RowChange readJson(byte[] recordKey, byte[] value) {
        if (value == null || value.length == 0) {
            String gone = text(recordKey);
            return gone == null
                    ? new Unreadable(null, "A record without key and value")
                    : new Delete(gone);
        }
        if (!enveloped) {
            return plain(recordKey, value);
        }
        JsonNode node;
        try {
            node = JSON.readTree(value);
        } catch (JacksonException e) {
            return new Unreadable(text(recordKey), "Not JSON: " + e.getOriginalMessage());
        }
        JsonNode payload = node.path("payload");
        if (payload.isObject() || (payload.isNull() && node.has("schema"))) {
            node = payload;
        }
        if (node.isNull()) {
            String gone = text(recordKey);
            return gone == null ? new Unreadable(null, "A change without a row") : new Delete(gone);
        }
        if (node.path("op").isString() && (node.has("after") || node.has("before"))) {
            return change(recordKey, node);
        }
        if (node.path("__deleted").asString("").equals("true")) {
            return delete(recordKey, node);
        }
        return node == payload
                ? plain(recordKey, JSON.writeValueAsBytes(node))
                : plain(recordKey, value);
    }

    private RowChange change(byte[] recordKey, JsonNode change) {
        JsonNode after = change.path("after");
        if (change.path("op").asString("").equals("d") || !after.isObject()) {
            return delete(recordKey, change.path("before"));
        }
        return plain(recordKey, JSON.writeValueAsBytes(after));
    }

    private RowChange delete(byte[] recordKey, JsonNode before) {
        String gone = field(before);
        gone = gone == null ? text(recordKey) : gone;
        return gone == null
                ? new Unreadable(null, "A deletion that does not say of which row")
                : new Delete(gone);
    }

    private RowChange plain(byte[] recordKey, byte[] value) {
        try {
            Object[] row = codec.read(value);
            return new Put(codec.key(row), row);
        } catch (UnreadableRowException e) {
            return new Unreadable(keyOf(recordKey, value), e.getMessage());
        }
    }

    private String keyOf(byte[] recordKey, byte[] value) {
        try {
            String known = field(JSON.readTree(value));
            return known == null ? text(recordKey) : known;
        } catch (JacksonException e) {
            return text(recordKey);
        }
    }

    private String field(JsonNode row) {
        JsonNode node = row;
        for (String name : table.keyField().path()) {
            node = node.path(name);
        }
        return node.isValueNode() && !node.isNull() ? node.asString() : null;
    }

    /** The text of a record's key: of the key field within it, or of all of it. */
    private String text(byte[] recordKey) {
        if (recordKey == null || recordKey.length == 0) {
            return null;
        }
        String plain = new String(recordKey, StandardCharsets.UTF_8);
        char first = plain.charAt(0);
        if (first != '{' && first != '"') {
            return plain;
        }
        try {
            JsonNode node = JSON.readTree(recordKey);
            if (node.isString()) {
                return node.asString();
            }
            JsonNode payload = node.path("payload");
            JsonNode own = payload.isMissingNode() ? node : payload;
            if (own.isValueNode() && !own.isNull()) {
                return own.asString();
            }
            JsonNode named = own.path(key);
            return named.isValueNode() && !named.isNull() ? named.asString() : plain;
        } catch (JacksonException e) {
            return plain;
        }
    }
}
