package dev.millrace.pipeline.plan;

import static dev.millrace.pipeline.plan.Read.list;
import static dev.millrace.pipeline.plan.Read.map;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.JoinSpec;
import dev.millrace.pipeline.resource.StreamSpec;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the plan of a stream that is made from another: its fields are the other's, the elements',
 * the tables' and the computed ones.
 */
final class JoinedStreamCompiler {
    private final Problems problems;
    private final Map<String, TablePlan> tables;
    private final Map<String, FieldPlan> fields = new LinkedHashMap<>();
    private boolean open;

    JoinedStreamCompiler(Read read, Map<String, TablePlan> tables) {
        this.problems = read.problems();
        this.tables = tables;
    }

    StreamPlan compile(String path, StreamSpec spec, StreamPlan from, TopicPlan topic) {
        rejectOnJoined(path + ".fields", spec.fields());
        rejectOnJoined(path + ".generator", spec.generator());
        from.schema().fields().forEach(field -> put(field, field.name(), field.required()));
        explode(path, spec, from);
        List<JoinSpec> joins = list(spec.join());
        for (int i = 0; i < joins.size(); i++) {
            if (joins.get(i) != null) {
                join(path + ".join[" + i + "]", joins.get(i));
            }
        }
        map(spec.compute())
                .forEach(
                        (name, expression) -> compute(path + ".compute." + name, name, expression));
        Schema schema = new Schema(fields.values(), open);
        FieldPlan time =
                spec.time() == null ? renumbered(from.time()) : field(path + ".time", spec.time());
        FieldPlan key =
                spec.key() == null ? renumbered(from.key()) : field(path + ".key", spec.key());
        return new StreamPlan(
                spec.name(),
                spec.format() == null ? Format.json : spec.format(),
                schema,
                time,
                key,
                new Read(problems)
                        .duration(
                                path + ".lateness",
                                spec.lateness(),
                                from.lateness(),
                                Duration.ofMillis(1),
                                Duration.ofDays(400)),
                topic,
                null,
                from.name(),
                spec.explode(),
                joins,
                map(spec.compute()));
    }

    private void rejectOnJoined(String path, Object value) {
        if (value != null) {
            problems.add(
                    path,
                    "is for sources; a stream with \"from\" has the fields of that one: leave it out");
        }
    }

    private void put(FieldPlan field, String name, boolean required) {
        int index = fields.containsKey(name) ? fields.get(name).index() : fields.size();
        fields.put(
                name,
                new FieldPlan(
                        index,
                        name,
                        List.of(name.split("\\.")),
                        field.type(),
                        required,
                        field.allowed(),
                        field.items()));
    }

    private FieldPlan renumbered(FieldPlan field) {
        return field == null ? null : fields.get(field.name());
    }

    private FieldPlan field(String path, String name) {
        FieldPlan field = fields.get(name);
        if (field == null && !open) {
            problems.unknown(path, "field", name, fields.keySet());
        }
        return field;
    }

    private void explode(String path, StreamSpec spec, StreamPlan from) {
        if (spec.explode() == null) {
            return;
        }
        FieldPlan array = field(path + ".explode", spec.explode());
        if (array == null) {
            return;
        }
        if (array.type() != FieldType.array) {
            problems.add(
                    path + ".explode",
                    "\""
                            + array.name()
                            + "\" is of type "
                            + SchemaCompiler.text(array.type())
                            + "; name a field of type array");
        } else if (array.items().isEmpty()) {
            problems.add(
                    path + ".explode",
                    "the elements of \""
                            + array.name()
                            + "\" have no fields; declare them: "
                            + array.name()
                            + ": {type: array, items: {...}} in the stream \""
                            + from.name()
                            + "\"");
        } else {
            array.items().values().forEach(item -> put(item, item.name(), item.required()));
        }
    }

    private void join(String path, JoinSpec join) {
        if (join.key() == null) {
            problems.add(
                    path + ".key",
                    "is missing; name the field of this stream that holds the table's key");
        } else {
            field(path + ".key", join.key());
        }
        TablePlan table = join.table() == null ? null : tables.get(join.table());
        if (table == null) {
            if (join.table() == null) {
                problems.add(path + ".table", "is missing; name the table");
            } else {
                problems.unknown(path + ".table", "table", join.table(), tables.keySet());
            }
            return;
        }
        boolean required = join.missing() != null && join.missing() != JoinSpec.Missing.keep;
        if (join.as() == null) {
            open |= table.schema().isOpen();
            for (FieldPlan field : table.schema().fields()) {
                if (!fields.containsKey(field.name())) {
                    put(field, field.name(), required && field.required());
                }
            }
            return;
        }
        join.as()
                .forEach(
                        (name, column) -> {
                            if (!name(path + ".as." + name, name)) {
                                return;
                            }
                            if (column == null) {
                                problems.add(
                                        path + ".as." + name,
                                        "is empty; name the table's field that it takes");
                                return;
                            }
                            FieldPlan field = table.schema().field(column).orElse(null);
                            if (field != null) {
                                put(field, name, required && field.required());
                            } else if (table.schema().isOpen()) {
                                put(untyped(), name, false);
                            } else {
                                problems.unknown(
                                        path + ".as." + name,
                                        "field",
                                        column,
                                        table.schema().names());
                            }
                        });
    }

    private void compute(String path, String name, String expression) {
        if (!name(path, name)) {
            return;
        }
        if (expression == null) {
            problems.add(path, "is empty; write a CEL expression over the other fields");
            return;
        }
        Map<String, CelType> variables = new LinkedHashMap<>();
        fields.values().forEach(field -> variables.put(field.name(), Expression.type(field)));
        if (!open) {
            Expression.compile(path, expression, variables, SimpleType.DYN, problems);
        }
        put(untyped(), name, false);
    }

    private boolean name(String path, String name) {
        if (SchemaCompiler.PATH.matcher(name).matches()) {
            return true;
        }
        problems.add(
                path,
                "cannot be a field's name; use letters, digits and '_', with dots for fields within objects");
        problems.unusable("field", name);
        return false;
    }

    /** A field whose type is known only when it is there. */
    private static FieldPlan untyped() {
        return new FieldPlan(0, "", List.of(), null, false, Set.of(), Map.of());
    }
}
