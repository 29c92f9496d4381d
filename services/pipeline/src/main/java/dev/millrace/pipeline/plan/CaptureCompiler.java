package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.TableSpec.CdcSpec;
import dev.millrace.pipeline.resource.TableSpec.Engine;
import dev.millrace.pipeline.resource.TableSpec.Tls;

import java.util.regex.Pattern;

/** Checks where a table is captured from. */
record CaptureCompiler(Read read, String pipeline) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:][A-Za-z0-9.:_-]{0,252}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,79}");
    private static final int LAST_PORT = 65_535;

    TablePlan.Capture compile(String path, CdcSpec spec, Schema schema, TablePlan.File standIn) {
        String at = path + ".cdc";
        if (spec.engine() == null) {
            read.problems().add(at + ".engine", "is missing; write mariadb, mysql or postgresql");
        }
        if (spec.host() == null) {
            read.problems()
                    .add(at + ".host", "is missing; name the database's server, such as mariadb");
        } else if (!HOST.matcher(spec.host()).matches()) {
            read.problems()
                    .add(
                            at + ".host",
                            "\""
                                    + spec.host()
                                    + "\" is no name or address of a server; write one without port or user");
        }
        if (spec.port() != null && (spec.port() < 1 || spec.port() > LAST_PORT)) {
            read.problems()
                    .add(at + ".port", spec.port() + " is no port; write one from 1 to 65535");
        }
        name(at + ".database", "database", spec.database());
        name(at + ".table", "table", spec.table());
        if (spec.schema() != null) {
            if (spec.engine() != null && spec.engine() != Engine.postgresql) {
                read.problems()
                        .add(
                                at + ".schema",
                                spec.engine() + " has no schemas; write the database alone");
            }
            name(at + ".schema", "schema", spec.schema());
        }
        if (spec.secretRef() == null || spec.secretRef().isBlank()) {
            read.problems()
                    .add(
                            at + ".secretRef",
                            "is missing; name the Secret with the username and password");
        }
        if (spec.prefix() != null && !PREFIX.matcher(spec.prefix()).matches()) {
            read.problems()
                    .add(
                            at + ".prefix",
                            "\""
                                    + spec.prefix()
                                    + "\" cannot begin a topic's name; use letters, digits, '.', '_' and '-', at most 80");
        }
        columns(path, schema);
        Engine engine = spec.engine() == null ? Engine.mariadb : spec.engine();
        return new TablePlan.Capture(
                new DatabasePlan(
                        engine,
                        spec.host(),
                        spec.port() == null ? DatabasePlan.port(engine) : spec.port(),
                        spec.database(),
                        spec.secretRef(),
                        spec.tls() == null ? Tls.require : spec.tls(),
                        spec.prefix() == null ? pipeline : spec.prefix()),
                engine == Engine.postgresql
                        ? spec.schema() == null ? "public" : spec.schema()
                        : null,
                spec.table(),
                standIn);
    }

    private void name(String path, String what, String name) {
        if (name == null) {
            read.problems().add(path, "is missing; name the " + what);
        } else if (!NAME.matcher(name).matches()) {
            read.problems()
                    .add(
                            path,
                            "\""
                                    + name
                                    + "\" cannot be captured: names of letters, digits, '_' and '-' can, at most 64");
        }
    }

    /** A field is a column, and a column is one value. */
    private void columns(String path, Schema schema) {
        for (FieldPlan field : schema.fields()) {
            String at = path + ".fields." + field.name();
            if (field.path().size() > 1) {
                read.problems()
                        .add(
                                at,
                                "leads into an object, and columns are plain; name the column itself");
            } else if (field.type() == FieldType.object || field.type() == FieldType.array) {
                read.problems()
                        .add(
                                at + ".type",
                                SchemaCompiler.text(field.type())
                                        + " is no type of a column; columns with JSON are of type string");
            }
        }
    }
}
