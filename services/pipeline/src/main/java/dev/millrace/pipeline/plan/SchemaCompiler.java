package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.FieldSpec;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.ItemFieldSpec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes the schema of declared fields. */
record SchemaCompiler(Read read) {
    static final Pattern PATH =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

    Schema compile(String path, Map<String, FieldSpec> specs) {
        List<FieldPlan> fields = new ArrayList<>();
        specs.forEach(
                (name, spec) -> {
                    FieldPlan field = field(path + "." + name, fields.size(), name, spec);
                    if (field == null) {
                        read.problems().unusable("field", name);
                    } else {
                        fields.add(field);
                    }
                });
        for (FieldPlan field : fields) {
            for (FieldPlan other : fields) {
                if (other.name().startsWith(field.name() + ".")) {
                    read.problems()
                            .add(
                                    path + "." + other.name(),
                                    "lies within \""
                                            + field.name()
                                            + "\", which is a field itself; declare one of the two");
                }
            }
        }
        return new Schema(fields, false);
    }

    private FieldPlan field(String path, int index, String name, FieldSpec spec) {
        if (!PATH.matcher(name).matches()) {
            read.problems()
                    .add(
                            path,
                            "cannot be a field's name; use letters, digits and '_', with dots for fields within objects");
            return null;
        }
        if (spec == null || spec.type() == null) {
            read.problems()
                    .add(
                            path + ".type",
                            "is missing; write one of string, integer, number, boolean, timestamp, object, array");
            return null;
        }
        Set<String> allowed = new LinkedHashSet<>(Read.list(spec.values()));
        allowed.remove(null);
        if (spec.values() != null && spec.type() != FieldType.string) {
            read.problems()
                    .add(
                            path + ".enum",
                            "is for strings only, and this is of type " + text(spec.type()));
        } else if (spec.values() != null && allowed.isEmpty()) {
            read.problems().add(path + ".enum", "allows nothing; list the values, or leave it out");
        }
        if (spec.items() != null && spec.type() != FieldType.array) {
            read.problems()
                    .add(
                            path + ".items",
                            "is for arrays only, and this is of type " + text(spec.type()));
        }
        return new FieldPlan(
                index,
                name,
                List.of(name.split("\\.")),
                spec.type(),
                !Boolean.TRUE.equals(spec.optional()),
                Collections.unmodifiableSet(allowed),
                items(path + ".items", Read.map(spec.items())));
    }

    private Map<String, FieldPlan> items(String path, Map<String, ItemFieldSpec> specs) {
        Map<String, FieldPlan> items = new LinkedHashMap<>();
        specs.forEach(
                (name, spec) -> {
                    if (!PATH.matcher(name).matches() || name.contains(".")) {
                        read.problems()
                                .add(
                                        path + "." + name,
                                        "cannot be a field's name; use letters, digits and '_'");
                    } else if (spec == null || spec.type() == null) {
                        read.problems()
                                .add(
                                        path + "." + name + ".type",
                                        "is missing; write one of string, integer, number, boolean,"
                                                + " timestamp, object");
                    } else if (spec.type() == FieldType.array) {
                        read.problems()
                                .add(
                                        path + "." + name + ".type",
                                        "cannot be array within an array; write string, integer, number,"
                                                + " boolean, timestamp or object");
                    } else {
                        boolean required = !Boolean.TRUE.equals(spec.optional());
                        items.put(
                                name,
                                new FieldPlan(
                                        items.size(),
                                        name,
                                        List.of(name),
                                        spec.type(),
                                        required,
                                        Set.of(),
                                        Map.of()));
                    }
                });
        return Collections.unmodifiableMap(items);
    }

    static String text(FieldType type) {
        return type == FieldType.bool ? "boolean" : type.name();
    }
}
