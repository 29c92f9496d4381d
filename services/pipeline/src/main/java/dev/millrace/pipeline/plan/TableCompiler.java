package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.TableSpec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Checks the tables. */
record TableCompiler(Read read) {
    Map<String, TablePlan> compile(List<TableSpec> specs) {
        Map<String, TablePlan> tables = new LinkedHashMap<>();
        for (int i = 0; i < specs.size(); i++) {
            TableSpec spec = specs.get(i);
            String path = "spec.tables[" + i + "]";
            if (spec == null) {
                continue;
            }
            if (!read.name(path + ".name", spec.name())) {
                read.problems().unusable("table", spec.name());
                continue;
            }
            Schema schema =
                    spec.fields() == null
                            ? new Schema(List.of(), true)
                            : new SchemaCompiler(read).compile(path + ".fields", spec.fields());
            if (spec.key() == null) {
                read.problems()
                        .add(path + ".key", "is missing; name the field that identifies a row");
            } else if (!schema.isOpen() && schema.field(spec.key()).isEmpty()) {
                read.problems().unknown(path + ".key", "field", spec.key(), schema.names());
            }
            long sources =
                    Stream.of(spec.file(), spec.topic(), spec.cdc())
                            .filter(Objects::nonNull)
                            .count();
            if (sources != 1) {
                read.problems()
                        .add(path, "needs exactly one of file, topic and cdc; it has " + sources);
            }
            if (tables.putIfAbsent(spec.name(), new TablePlan(spec.name(), spec.key(), schema))
                    != null) {
                read.problems()
                        .add(
                                path + ".name",
                                "\"" + spec.name() + "\" is the name of another table too");
            }
        }
        return tables;
    }
}
