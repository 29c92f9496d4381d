package dev.millrace.api.openapi;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.FormulaPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON Schemas as OpenAPI 3.1 has them. */
final class Schemas {
    private Schemas() {}

    static final Map<String, Object> STRING = type("string");
    static final Map<String, Object> INTEGER = type("integer");
    static final Map<String, Object> COUNT = Map.of("type", "integer", "minimum", 0);
    static final Map<String, Object> NUMBER = type("number");
    static final Map<String, Object> BOOLEAN = type("boolean");
    static final Map<String, Object> TIME = Map.of("type", "string", "format", "date-time");

    /** Which way numbers are pushed. */
    static final Map<String, Object> THROUGH = oneOf(List.of("snapshot", "stats"));

    static Map<String, Object> type(String name) {
        return Map.of("type", name);
    }

    /** The same, or null. */
    static Map<String, Object> orNull(Map<String, Object> schema) {
        Map<String, Object> nullable = new LinkedHashMap<>(schema);
        if (schema.get("type") instanceof String type) {
            nullable.put("type", List.of(type, "null"));
            return nullable;
        }
        return Map.of("anyOf", List.of(schema, type("null")));
    }

    static Map<String, Object> described(Map<String, Object> schema, String description) {
        Map<String, Object> described = new LinkedHashMap<>(schema);
        described.put("description", description);
        return described;
    }

    static Map<String, Object> array(Map<String, Object> items) {
        return Map.of("type", "array", "items", items);
    }

    static Map<String, Object> oneOf(List<String> values) {
        return Map.of("type", "string", "enum", values);
    }

    static Map<String, Object> ref(String name) {
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    /** An object of which all fields are there, but for those in {@code optional}. */
    static Map<String, Object> object(Map<String, Object> properties, List<String> optional) {
        List<String> required = new ArrayList<>(properties.keySet());
        required.removeAll(optional);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        return object;
    }

    /** An object of which all fields are there, given as name, schema, name, schema. */
    @SafeVarargs
    static Map<String, Object> object(Map.Entry<String, Map<String, Object>>... properties) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Map.Entry<String, Map<String, Object>> property : properties) {
            all.put(property.getKey(), property.getValue());
        }
        return object(all, List.of());
    }

    /** What values of a metric are. */
    static Map<String, Object> value(MetricPlan metric) {
        return switch (metric) {
            case FormulaPlan _ -> orNull(NUMBER);
            case MeasurePlan measure when measure.measure() == Measure.sum ->
                    measure.scale() == 0 ? INTEGER : NUMBER;
            case MeasurePlan measure
                    when measure.measure() == Measure.count
                            || measure.measure() == Measure.unique ->
                    COUNT;
            case MeasurePlan _ -> orNull(NUMBER);
        };
    }

    /** What the groups of a metric are named by. */
    static Map<String, Object> key(MeasurePlan metric) {
        List<Map<String, Object>> parts = metric.by().stream().map(Schemas::key).toList();
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        return Map.of(
                "type",
                "array",
                "prefixItems",
                parts,
                "items",
                false,
                "minItems",
                parts.size(),
                "maxItems",
                parts.size());
    }

    private static Map<String, Object> key(FieldPlan field) {
        return field.required() ? STRING : orNull(STRING);
    }
}
