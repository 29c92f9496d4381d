package dev.millrace.api.openapi;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.resource.FieldType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The events that a stream takes. */
final class EventSchema {
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private final Map<String, EventSchema> nested = new LinkedHashMap<>();
    private final List<String> required = new ArrayList<>();

    private EventSchema() {}

    static Map<String, Object> of(StreamPlan stream) {
        EventSchema root = new EventSchema();
        stream.schema().fields().forEach(field -> root.add(field, 0));
        return root.build();
    }

    private void add(FieldPlan field, int depth) {
        String name = field.path().get(depth);
        if (field.required() && !required.contains(name)) {
            required.add(name);
        }
        if (depth == field.path().size() - 1) {
            properties.put(name, schema(field));
        } else {
            properties.putIfAbsent(name, Map.of());
            nested.computeIfAbsent(name, _ -> new EventSchema()).add(field, depth + 1);
        }
    }

    private Map<String, Object> build() {
        nested.forEach((name, schema) -> properties.put(name, schema.build()));
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        return object;
    }

    private static Map<String, Object> schema(FieldPlan field) {
        if (!field.allowed().isEmpty()) {
            return Schemas.oneOf(field.allowed().stream().sorted().toList());
        }
        return switch (field.type()) {
            case null -> Map.of();
            case FieldType.timestamp ->
                    Map.of(
                            "description",
                            "ISO-8601 date and time, or seconds or milliseconds since 1970",
                            "anyOf",
                            List.of(Schemas.STRING, Schemas.NUMBER));
            case FieldType.bool -> Schemas.BOOLEAN;
            case FieldType.array -> {
                EventSchema items = new EventSchema();
                field.items().values().forEach(item -> items.add(item, 0));
                yield Schemas.array(field.items().isEmpty() ? Map.of() : items.build());
            }
            case FieldType.string, FieldType.integer, FieldType.number, FieldType.object ->
                    Schemas.type(field.type().name());
        };
    }
}
