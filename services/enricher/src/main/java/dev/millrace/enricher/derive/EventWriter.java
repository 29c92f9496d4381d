package dev.millrace.enricher.derive;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.Schema;
import dev.millrace.pipeline.resource.FieldType;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes values as JSON: fields in the order of the schema, those with dots in their names within
 * objects, those that are missing left out, times in ISO-8601. The same values give the same bytes.
 * Safe for use by many threads.
 */
public final class EventWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private final List<Node> roots = new ArrayList<>();

    /** A field, or an object with fields below it. */
    private record Node(
            String name, SerializedString written, FieldPlan field, List<Node> children) {
        private boolean isThere(Object[] values) {
            return field == null
                    ? children.stream().anyMatch(child -> child.isThere(values))
                    : values[field.index()] != null;
        }
    }

    /** A writer of values of these fields. */
    public EventWriter(Schema schema) {
        for (FieldPlan field : schema.fields()) {
            List<Node> level = roots;
            List<String> path = field.path();
            for (String name : path.subList(0, path.size() - 1)) {
                level = object(level, name).children();
            }
            level.add(node(path.getLast(), field));
        }
    }

    private static Node object(List<Node> level, String name) {
        for (Node node : level) {
            if (node.field() == null && node.name().equals(name)) {
                return node;
            }
        }
        Node node = node(name, null);
        level.add(node);
        return node;
    }

    private static Node node(String name, FieldPlan field) {
        return new Node(name, new SerializedString(name), field, new ArrayList<>());
    }

    /**
     * The values as JSON in UTF-8.
     *
     * @param values by the fields' indexes, as an {@code Event} has them
     * @throws JacksonException where a text within an object or array holds half a character
     */
    public byte[] write(Object[] values) {
        try (ByteArrayBuilder out = new ByteArrayBuilder(256)) {
            try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
                json.writeStartObject();
                write(json, roots, values);
                json.writeEndObject();
            }
            return out.toByteArray();
        }
    }

    private static void write(JsonGenerator json, List<Node> nodes, Object[] values) {
        for (Node node : nodes) {
            if (!node.isThere(values)) {
                continue;
            }
            json.writeName(node.written());
            if (node.field() == null) {
                json.writeStartObject();
                write(json, node.children(), values);
                json.writeEndObject();
            } else {
                Object value = values[node.field().index()];
                write(
                        json,
                        node.field().type() == FieldType.timestamp
                                ? Instant.ofEpochMilli((Long) value).toString()
                                : value);
            }
        }
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case null -> json.writeNull();
            case String text -> json.writeString(text);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Boolean flag -> json.writeBoolean(flag);
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach(
                        (name, part) -> {
                            json.writeName((String) name);
                            write(json, part);
                        });
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(part -> write(json, part));
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }
}
