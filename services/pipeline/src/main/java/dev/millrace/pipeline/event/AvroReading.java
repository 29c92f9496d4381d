package dev.millrace.pipeline.event;

import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.FieldPlan;

import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.ResolvingDecoder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How the declared fields are read from events of one schema: it is resolved to a schema of just
 * those fields, of the types that the stream needs where Avro can make them, and of the writer's
 * own where it cannot. Fields in another order, further fields, and narrower numbers are so Avro's
 * own business; what is missing, or of another type, is found out by the stream's rules. Safe for
 * use by many threads.
 */
final class AvroReading {
    private final int id;
    private final Schema writer;
    private final Schema reader;
    private final PathTree tree;

    /** A decoder that nobody uses: making one takes longer than reading an event. */
    private final AtomicReference<ResolvingDecoder> spare = new AtomicReference<>();

    AvroReading(int id, Schema writer, PathTree tree) {
        this.id = id;
        this.writer = writer;
        this.reader = declared(writer, tree, 0);
        this.tree = tree;
    }

    /** Only the declared fields of records. */
    private static Schema declared(Schema schema, PathTree tree, int depth) {
        if (depth > EventLimits.DEPTH) {
            return schema;
        }
        return switch (schema.getType()) {
            case RECORD -> {
                List<Schema.Field> fields = new ArrayList<>();
                for (Schema.Field field : schema.getFields()) {
                    PathTree child = tree.child(field.name());
                    if (child != null) {
                        fields.add(
                                new Schema.Field(
                                        field.name(),
                                        child.field() == null
                                                ? declared(field.schema(), child, depth + 1)
                                                : wanted(field.schema(), child.field())));
                    }
                }
                yield Schema.createRecord(
                        schema.getName(), null, schema.getNamespace(), schema.isError(), fields);
            }
            case UNION ->
                    Schema.createUnion(
                            schema.getTypes().stream()
                                    .map(branch -> declared(branch, tree, depth + 1))
                                    .toList());
            default -> schema;
        };
    }

    /** What a field is read as. */
    private static Schema wanted(Schema schema, FieldPlan field) {
        if (schema.isUnion()) {
            List<Schema> branches =
                    schema.getTypes().stream().map(branch -> wanted(branch, field)).toList();
            boolean distinct =
                    branches.stream().map(Schema::getFullName).distinct().count()
                            == branches.size();
            return distinct ? Schema.createUnion(branches) : schema;
        }
        if (schema.getLogicalType() != null) {
            return schema;
        }
        return switch (field.type()) {
            case integer -> schema.getType() == Schema.Type.INT ? of(Schema.Type.LONG) : schema;
            case number ->
                    switch (schema.getType()) {
                        case INT, LONG, FLOAT -> of(Schema.Type.DOUBLE);
                        default -> schema;
                    };
            default -> schema;
        };
    }

    private static Schema of(Schema.Type type) {
        return Schema.create(type);
    }

    /** As {@link AvroEvents#read}, of what is behind the schema's id. */
    Rejected read(AvroBytes bytes, Object[] values) {
        try {
            ResolvingDecoder decoder = spare.getAndSet(null);
            if (decoder == null) {
                decoder = DecoderFactory.get().resolvingDecoder(writer, reader, bytes);
            } else {
                decoder.configure(bytes);
            }
            boolean object = new AvroValues(decoder).read(reader, tree, values, 0);
            decoder.drain();
            spare.set(decoder);
            if (!object) {
                return new Rejected(
                        Cause.malformed, "Not a record but of type " + writer.getType().getName());
            }
            return bytes.left() == 0
                    ? null
                    : malformed(bytes.left() + " bytes are left behind the event");
        } catch (TooDeepAvroException e) {
            return new Rejected(Cause.size, e.getMessage());
        } catch (IOException | RuntimeException e) {
            // Avro says by many exceptions that bytes are not of the schema
            return malformed(e.getMessage());
        }
    }

    private Rejected malformed(String why) {
        return new Rejected(
                Cause.malformed,
                "Not Avro of schema "
                        + id
                        + ": "
                        + EventDecoder.printable(String.valueOf(why), 200));
    }

    /** All of an event, as maps, lists and values; {@code null} where it cannot be read. */
    Object tree(AvroBytes bytes) {
        Object[] value = value(bytes);
        return value == null ? null : value[0];
    }

    /** The same, where {@code null} is a value too: as the only element. */
    Object[] value(AvroBytes bytes) {
        try {
            Object value = new AvroValues(bytes).plain(writer, tree, 0);
            return bytes.left() == 0 ? new Object[] {value} : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }
}
