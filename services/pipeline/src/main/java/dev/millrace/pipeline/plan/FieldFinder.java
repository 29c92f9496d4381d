package dev.millrace.pipeline.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the fields that a metric names. */
record FieldFinder(Problems problems) {
    /** A field; {@code null} after noting that there is none of the name. */
    FieldPlan find(String path, String name, Schema schema) {
        FieldPlan field = schema.field(name).orElse(null);
        if (field == null && schema.isOpen()) {
            return new FieldPlan(
                    -1, name, List.of(name.split("\\.")), null, false, Set.of(), Map.of());
        } else if (field == null) {
            problems.unknown(path, "field", name, schema.names());
        }
        return field;
    }
}
