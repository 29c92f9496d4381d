package dev.millrace.pipeline.plan;

import static dev.millrace.pipeline.plan.Read.list;
import static dev.millrace.pipeline.plan.Read.map;

import dev.millrace.pipeline.plan.Derivation.Column;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.JoinSpec;
import dev.millrace.pipeline.resource.JoinSpec.Missing;
import dev.millrace.pipeline.resource.StreamSpec;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import java.time.Duration;
import java.util.ArrayList;
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
    private final List<Column> kept = new ArrayList<>();
    private final List<Column> elements = new ArrayList<>();
    private final List<JoinPlan> joins = new ArrayList<>();
    private final List<Computation> computed = new ArrayList<>();
    private boolean open;

    JoinedStreamCompiler(Read read, Map<String, TablePlan> tables) {
        this.problems = read.problems();
        this.tables = tables;
    }

    StreamPlan compile(String path, StreamSpec spec, StreamPlan from, TopicPlan topic) {
        rejectOnJoined(path + ".fields", spec.fields());
        rejectOnJoined(path + ".generator", spec.generator());
        FieldPlan exploded = exploded(path + ".explode", spec, from);
        for (FieldPlan field : from.schema().fields()) {
            if (field != exploded) {
                kept.add(new Column(field, put(field, field.name(), field.required())));
            }
        }
        if (exploded != null) {
            for (FieldPlan item : exploded.items().values()) {
                elements.add(new Column(item, put(item, item.name(), item.required())));
            }
        }
        List<JoinSpec> specs = list(spec.join());
        for (int i = 0; i < specs.size(); i++) {
            if (specs.get(i) != null) {
                join(path + ".join[" + i + "]", specs.get(i));
            }
        }
        map(spec.compute())
                .forEach(
                        (name, expression) -> compute(path + ".compute." + name, name, expression));
        rejectNested(path);
        return new StreamPlan(
                spec.name(),
                spec.format() == null ? Format.json : spec.format(),
                new Schema(fields.values(), open),
                time(path + ".time", spec, from),
                key(path + ".key", spec, from),
                new Read(problems)
                        .duration(
                                path + ".lateness",
                                spec.lateness(),
                                from.lateness(),
                                Duration.ofMillis(1),
                                Duration.ofDays(400)),
                topic,
                null,
                new Derivation(
                        from.name(),
                        List.copyOf(kept),
                        exploded,
                        List.copyOf(elements),
                        List.copyOf(joins),
                        List.copyOf(computed)));
    }

    private FieldPlan time(String path, StreamSpec spec, StreamPlan from) {
        FieldPlan time = spec.time() == null ? renumbered(from.time()) : field(path, spec.time());
        if (time != null && time.type() != null && time.type() != FieldType.timestamp) {
            problems.add(
                    path,
                    "\""
                            + time.name()
                            + "\" is of type "
                            + SchemaCompiler.text(time.type())
                            + "; event time needs a field of type timestamp");
        }
        return time;
    }

    private FieldPlan key(String path, StreamSpec spec, StreamPlan from) {
        FieldPlan key = spec.key() == null ? renumbered(from.key()) : field(path, spec.key());
        if (key != null && !key.isScalar()) {
            problems.add(
                    path,
                    "\""
                            + key.name()
                            + "\" is an "
                            + key.type()
                            + "; name a string, number or boolean");
        }
        return key;
    }

    /** Fields from different places may have names that do not fit into one object. */
    private void rejectNested(String path) {
        for (String name : fields.keySet()) {
            for (String other : fields.keySet()) {
                if (other.startsWith(name + ".")) {
                    problems.add(
                            path,
                            "has a field \""
                                    + other
                                    + "\", which lies within \""
                                    + name
                                    + "\", a field itself; give one of the two another name with join.as");
                }
            }
        }
    }

    private void rejectOnJoined(String path, Object value) {
        if (value != null) {
            problems.add(
                    path,
                    "is for sources; a stream with \"from\" has the fields of that one: leave it out");
        }
    }

    private FieldPlan put(FieldPlan field, String name, boolean required) {
        FieldPlan taken =
                new FieldPlan(
                        index(name),
                        name,
                        List.of(name.split("\\.")),
                        field.type(),
                        required,
                        field.allowed(),
                        field.items());
        fields.put(name, taken);
        return taken;
    }

    /** A field that takes the place of another of its name takes its place among the values too. */
    private int index(String name) {
        return fields.containsKey(name) ? fields.get(name).index() : fields.size();
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

    private FieldPlan exploded(String path, StreamSpec spec, StreamPlan from) {
        if (spec.explode() == null) {
            return null;
        }
        FieldPlan array = from.schema().field(spec.explode()).orElse(null);
        if (array == null) {
            if (!from.schema().isOpen()) {
                problems.unknown(path, "field", spec.explode(), from.schema().names());
            }
            return null;
        }
        if (array.type() != FieldType.array) {
            problems.add(
                    path,
                    "\""
                            + array.name()
                            + "\" is of type "
                            + SchemaCompiler.text(array.type())
                            + "; name a field of type array");
            return null;
        }
        if (array.items().isEmpty()) {
            problems.add(
                    path,
                    "the elements of \""
                            + array.name()
                            + "\" have no fields; declare them: "
                            + array.name()
                            + ": {type: array, items: {...}} in the stream \""
                            + from.name()
                            + "\"");
        }
        return array;
    }

    private void join(String path, JoinSpec join) {
        FieldPlan key = joinKey(path + ".key", join);
        TablePlan table = join.table() == null ? null : tables.get(join.table());
        if (table == null) {
            if (join.table() == null) {
                problems.add(path + ".table", "is missing; name the table");
            } else {
                problems.unknown(path + ".table", "table", join.table(), tables.keySet());
            }
        }
        if (table == null) {
            return;
        }
        Missing missing = join.missing() == null ? Missing.keep : join.missing();
        List<Column> columns =
                join.as() == null
                        ? allColumns(table, missing)
                        : columns(path + ".as", join.as(), table, missing);
        if (key != null) {
            joins.add(new JoinPlan(table.name(), key, missing, columns));
        }
    }

    private FieldPlan joinKey(String path, JoinSpec join) {
        if (join.key() == null) {
            problems.add(
                    path, "is missing; name the field of this stream that holds the table's key");
            return null;
        }
        FieldPlan key = field(path, join.key());
        if (key != null && key.type() != null && !TableCompiler.KEYS.contains(key.type())) {
            problems.add(
                    path,
                    "\""
                            + key.name()
                            + "\" is of type "
                            + SchemaCompiler.text(key.type())
                            + "; rows are found by a string, integer or boolean");
        }
        return key;
    }

    /** All the table's fields, but for those whose names the stream has already. */
    private List<Column> allColumns(TablePlan table, Missing missing) {
        open |= table.schema().isOpen();
        List<Column> columns = new ArrayList<>();
        for (FieldPlan field : table.schema().fields()) {
            if (!fields.containsKey(field.name())) {
                boolean required = missing != Missing.keep && field.required();
                columns.add(new Column(field, put(field, field.name(), required)));
            }
        }
        return List.copyOf(columns);
    }

    private List<Column> columns(
            String path, Map<String, String> as, TablePlan table, Missing missing) {
        List<Column> columns = new ArrayList<>();
        as.forEach(
                (name, column) -> {
                    if (!name(path + "." + name, name)) {
                        return;
                    }
                    if (column == null) {
                        problems.add(
                                path + "." + name,
                                "is empty; name the table's field that it takes");
                        return;
                    }
                    FieldPlan field = table.schema().field(column).orElse(null);
                    if (field != null) {
                        boolean required = missing != Missing.keep && field.required();
                        columns.add(new Column(field, put(field, name, required)));
                    } else if (table.schema().isOpen()) {
                        put(untyped(), name, false);
                    } else {
                        problems.unknown(
                                path + "." + name, "field", column, table.schema().names());
                    }
                });
        return List.copyOf(columns);
    }

    private void compute(String path, String name, String expression) {
        if (!name(path, name)) {
            return;
        }
        if (expression == null) {
            problems.add(path, "is empty; write a CEL expression over the other fields");
            return;
        }
        Computation computation =
                open
                        ? null
                        : Computation.compile(path, name, index(name), expression, fields, problems)
                                .orElse(null);
        if (computation == null) {
            if (!open) {
                problems.unusable("field", name);
            }
            put(untyped(), name, false);
        } else {
            computed.add(computation);
            fields.put(name, computation.field());
        }
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
