package dev.millrace.pipeline.event;

import dev.millrace.pipeline.event.AvroSchema.Node;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemaRefusedException;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.registry.SchemasUnavailableException;

import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Writes the events of a stream as Avro, with the id of their schema, which it registers as {@code
 * TOPIC-value}. What is not declared is left out; of an array with declared items, elements that
 * are no objects are too, and a part of another type than declared is null, as whoever explodes the
 * array takes it. Safe for use by many threads.
 */
public final class AvroEncoder {
    /** The branches of {@code millrace.Json}, in their order. */
    private enum Branch {
        NULL,
        BOOLEAN,
        LONG,
        DOUBLE,
        STRING,
        ARRAY,
        MAP
    }

    private final Schemas schemas;
    private final String subject;
    private final Node root;
    private volatile byte[] header;

    /** An encoder of a stream's events. */
    public AvroEncoder(StreamPlan stream, Schemas schemas) {
        this.schemas = schemas;
        this.subject = stream.topic().name() + "-value";
        this.root = AvroSchema.of(stream);
    }

    /** The schema of the stream's fields, as Avro writes it. */
    public Schema schema() {
        return root.schema();
    }

    /**
     * Makes sure that the schema is registered; {@link #encode} does so by itself.
     *
     * @throws SchemasUnavailableException where that cannot be done now
     * @throws SchemaRefusedException where the registry does not take it
     */
    public void register() {
        if (header == null) {
            header =
                    ByteBuffer.allocate(1 + Integer.BYTES)
                            .put((byte) 0)
                            .putInt(schemas.register(subject, root.schema()))
                            .array();
        }
    }

    /** An event of the stream. As {@link #encode(Object[])}. */
    public byte[] encode(Event event) {
        return encode(event.values());
    }

    /**
     * The bytes of an event.
     *
     * @param values by the fields' indexes, of a valid event
     * @throws SchemasUnavailableException where the schema is not registered yet, and cannot be now
     * @throws SchemaRefusedException where the registry does not take it
     */
    public byte[] encode(Object[] values) {
        register();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        bytes.writeBytes(header);
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            write(out, root, values);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(BinaryEncoder out, Node record, Object[] values) throws IOException {
        for (Node node : record.children()) {
            if (node.optional()) {
                boolean there = isThere(node, values);
                out.writeIndex(there ? 1 : 0);
                if (!there) {
                    continue;
                }
            }
            if (node.field() == null) {
                write(out, node, values);
            } else {
                write(out, node.field(), values[node.field().index()]);
            }
        }
    }

    private static boolean isThere(Node node, Object[] values) {
        return node.field() == null
                ? node.children().stream().anyMatch(child -> isThere(child, values))
                : values[node.field().index()] != null;
    }

    private static void write(BinaryEncoder out, FieldPlan field, Object value) throws IOException {
        switch (field.type()) {
            case string -> out.writeString((String) value);
            case integer, timestamp -> out.writeLong((Long) value);
            case number -> out.writeDouble((Double) value);
            case bool -> out.writeBoolean((Boolean) value);
            case object -> writeMap(out, (Map<?, ?>) value);
            case array -> writeArray(out, field, (List<?>) value);
        }
    }

    private static void writeArray(BinaryEncoder out, FieldPlan field, List<?> list)
            throws IOException {
        if (field.items().isEmpty()) {
            writeList(out, list);
            return;
        }
        List<Map<?, ?>> objects =
                list.stream().filter(Map.class::isInstance).map(AvroEncoder::map).toList();
        out.writeArrayStart();
        out.setItemCount(objects.size());
        for (Map<?, ?> object : objects) {
            out.startItem();
            for (FieldPlan item : field.items().values()) {
                Object value = Items.value(object.get(item.name()), item);
                out.writeIndex(value == null ? 0 : 1);
                if (value != null) {
                    write(out, item, value);
                }
            }
        }
        out.writeArrayEnd();
    }

    private static Map<?, ?> map(Object element) {
        return (Map<?, ?>) element;
    }

    private static void writeList(BinaryEncoder out, List<?> list) throws IOException {
        out.writeArrayStart();
        out.setItemCount(list.size());
        for (Object element : list) {
            out.startItem();
            writeJson(out, element);
        }
        out.writeArrayEnd();
    }

    private static void writeMap(BinaryEncoder out, Map<?, ?> map) throws IOException {
        out.writeMapStart();
        out.setItemCount(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.startItem();
            out.writeString((String) entry.getKey());
            writeJson(out, entry.getValue());
        }
        out.writeMapEnd();
    }

    private static void writeJson(BinaryEncoder out, Object value) throws IOException {
        switch (value) {
            case null -> out.writeIndex(Branch.NULL.ordinal());
            case Boolean flag -> {
                out.writeIndex(Branch.BOOLEAN.ordinal());
                out.writeBoolean(flag);
            }
            case Long number -> {
                out.writeIndex(Branch.LONG.ordinal());
                out.writeLong(number);
            }
            case Double number -> {
                out.writeIndex(Branch.DOUBLE.ordinal());
                out.writeDouble(number);
            }
            case List<?> list -> {
                out.writeIndex(Branch.ARRAY.ordinal());
                writeList(out, list);
            }
            case Map<?, ?> map -> {
                out.writeIndex(Branch.MAP.ordinal());
                writeMap(out, map);
            }
            default -> {
                out.writeIndex(Branch.STRING.ordinal());
                out.writeString(value.toString());
            }
        }
    }
}
