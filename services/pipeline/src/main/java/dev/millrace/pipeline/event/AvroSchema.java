package dev.millrace.pipeline.event;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

import java.util.ArrayList;
import java.util.List;

/**
 * The Avro schema of a stream, from its declared fields: a string (also one with {@code enum}, so
 * that a further value is no change), long, double, boolean, and timestamp-millis; a path such as
 * {@code address.city} is a record in a record; an array with {@code items} is one of records whose
 * fields may be null, for elements are not checked; what is optional is a union with null, by
 * default null. Objects and arrays of no declared fields are of the type {@code millrace.Json},
 * which holds whatever JSON can say.
 */
final class AvroSchema {
    private static final String NAMESPACE = "millrace";
    private static final String JSON = NAMESPACE + ".Json";

    private AvroSchema() {}

    /**
     * A field, or a record with fields below it.
     *
     * @param field {@code null} for a record
     * @param children of a record
     * @param schema without the null that an optional one may be
     */
    record Node(
            String name, FieldPlan field, List<Node> children, Schema schema, boolean optional) {}

    /** The record of a stream's events. */
    static Node of(StreamPlan stream) {
        String name = stream.name().replaceAll("[^A-Za-z0-9_]", "_");
        String full = Character.isDigit(name.charAt(0)) ? "_" + name : name;
        return record(full, NAMESPACE, full, stream.schema().fields(), 0, json());
    }

    /** Of fields that share the first names of their paths, so many of them. */
    private static Node record(
            String name,
            String namespace,
            String field,
            List<FieldPlan> fields,
            int depth,
            Schema json) {
        List<Node> children = new ArrayList<>();
        for (FieldPlan each : fields) {
            String child = each.path().get(depth);
            if (children.stream().anyMatch(node -> node.name().equals(child))) {
                continue;
            }
            String inside = namespace + "." + name;
            if (each.path().size() == depth + 1) {
                children.add(
                        new Node(
                                child,
                                each,
                                List.of(),
                                type(each, child, inside, json),
                                !each.required()));
            } else {
                List<FieldPlan> below =
                        fields.stream()
                                .filter(other -> other.path().size() > depth + 1)
                                .filter(other -> other.path().get(depth).equals(child))
                                .toList();
                children.add(record(child, inside, child, below, depth + 1, json));
            }
        }
        Schema schema =
                Schema.createRecord(
                        name,
                        null,
                        namespace,
                        false,
                        children.stream()
                                .map(node -> field(node.name(), node.schema(), node.optional()))
                                .toList());
        return new Node(field, null, children, schema, children.stream().allMatch(Node::optional));
    }

    private static Schema.Field field(String name, Schema schema, boolean optional) {
        return optional
                ? new Schema.Field(
                        name,
                        Schema.createUnion(Schema.create(Schema.Type.NULL), schema),
                        null,
                        JsonProperties.NULL_VALUE)
                : new Schema.Field(name, schema);
    }

    private static Schema type(FieldPlan field, String name, String namespace, Schema json) {
        return switch (field.type()) {
            case string -> Schema.create(Schema.Type.STRING);
            case integer -> Schema.create(Schema.Type.LONG);
            case number -> Schema.create(Schema.Type.DOUBLE);
            case bool -> Schema.create(Schema.Type.BOOLEAN);
            case timestamp ->
                    LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
            case object -> Schema.createMap(json);
            case array ->
                    Schema.createArray(
                            field.items().isEmpty()
                                    ? json
                                    : Schema.createRecord(
                                            name,
                                            null,
                                            namespace,
                                            false,
                                            field.items().values().stream()
                                                    .map(
                                                            item ->
                                                                    field(
                                                                            item.name(),
                                                                            type(
                                                                                    item,
                                                                                    item.name(),
                                                                                    namespace,
                                                                                    json),
                                                                            true))
                                                    .toList()));
        };
    }

    /** Any value of JSON. */
    private static Schema json() {
        Schema json = Schema.createRecord("Json", null, NAMESPACE, false);
        json.setFields(
                List.of(
                        new Schema.Field(
                                "value",
                                Schema.createUnion(
                                        Schema.create(Schema.Type.NULL),
                                        Schema.create(Schema.Type.BOOLEAN),
                                        Schema.create(Schema.Type.LONG),
                                        Schema.create(Schema.Type.DOUBLE),
                                        Schema.create(Schema.Type.STRING),
                                        Schema.createArray(json),
                                        Schema.createMap(json)))));
        return json;
    }

    /** Whether a record is any value of JSON, rather than an object with one. */
    static boolean isJson(Schema record) {
        return record.getFullName().equals(JSON)
                && record.getFields().size() == 1
                && record.getFields().getFirst().schema().isUnion()
                && record.getFields().getFirst().schema().getTypes().stream()
                        .noneMatch(branch -> branch.getType() == Schema.Type.RECORD);
    }
}
