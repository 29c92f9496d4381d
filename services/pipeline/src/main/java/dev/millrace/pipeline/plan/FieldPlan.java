package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.FieldType;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One field of a stream or table.
 *
 * @param index its place in an event's values
 * @param name as the manifest writes it
 * @param path the names that lead to it in a JSON object: several where the name has dots
 * @param type what its values are; {@code null} where a table declares no fields
 * @param required whether an event without it is invalid
 * @param allowed the only strings allowed; empty where any is
 * @param items the fields of an array's elements, by name
 */
public record FieldPlan(
        int index,
        String name,
        List<String> path,
        FieldType type,
        boolean required,
        Set<String> allowed,
        Map<String, FieldPlan> items) {

    /** Whether it can be a group or be counted by its values: a string, number, boolean or time. */
    public boolean isScalar() {
        return type != FieldType.object && type != FieldType.array;
    }

    /** Whether it can be added up. */
    public boolean isNumeric() {
        return type == null || type == FieldType.integer || type == FieldType.number;
    }
}
