package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.plan.TablePlan.Format;
import dev.millrace.pipeline.plan.TopicPlan.Content;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.StreamSpec;
import dev.millrace.pipeline.resource.TableSpec;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks the tables, and says where their rows are. */
record TableCompiler(Read read, String pipeline) {
    /** Types whose values have one text each, so that a row is found by it. */
    static final Set<FieldType> KEYS =
            EnumSet.of(FieldType.string, FieldType.integer, FieldType.bool);

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    Map<String, TablePlan> compile(List<TableSpec> specs) {
        Map<String, TablePlan> tables = new LinkedHashMap<>();
        Map<String, String> topics = new LinkedHashMap<>();
        Map<String, TablePlan> prefixes = new LinkedHashMap<>();
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
            if (spec.name().equals("stats") || spec.name().equals("dead-letters")) {
                read.problems()
                        .add(
                                path + ".name",
                                "\""
                                        + spec.name()
                                        + "\" would take a topic of the pipeline's own; choose another");
            }
            TablePlan table = compile(path, spec);
            if (table.source() instanceof TablePlan.Capture capture
                    && !read.problems().isAnyBelow(path + ".cdc")) {
                prefix(path, table, capture, prefixes);
            }
            if (tables.putIfAbsent(spec.name(), table) != null) {
                read.problems()
                        .add(
                                path + ".name",
                                "\"" + spec.name() + "\" is the name of another table too");
            } else {
                String other = topics.putIfAbsent(table.topic().name(), table.name());
                if (other != null) {
                    read.problems()
                            .add(
                                    path + (spec.cdc() == null ? ".topic" : ".cdc"),
                                    "\""
                                            + table.topic().name()
                                            + "\" is the topic of the table \""
                                            + other
                                            + "\"; use that one, also for several joins");
                }
            }
        }
        return tables;
    }

    /** One connector follows a database, and the prefix tells connectors apart. */
    private void prefix(
            String path,
            TablePlan table,
            TablePlan.Capture capture,
            Map<String, TablePlan> prefixes) {
        TablePlan first = prefixes.putIfAbsent(capture.database().prefix(), table);
        if (first != null
                && !((TablePlan.Capture) first.source()).database().equals(capture.database())) {
            read.problems()
                    .add(
                            path + ".cdc.prefix",
                            "\""
                                    + capture.database().prefix()
                                    + "\" is the prefix of the table \""
                                    + first.name()
                                    + "\" too, which is captured otherwise; write the same engine, host, port,"
                                    + " database, secretRef and tls, or another prefix");
        }
    }

    private TablePlan compile(String path, TableSpec spec) {
        Schema schema =
                spec.fields() == null
                        ? new Schema(List.of(), true)
                        : new SchemaCompiler(read).compile(path + ".fields", spec.fields());
        key(path + ".key", spec, schema);
        long sources =
                Stream.of(spec.file(), spec.topic(), spec.cdc()).filter(Objects::nonNull).count();
        boolean standsIn = sources == 2 && spec.file() != null && spec.cdc() != null;
        if (sources != 1 && !standsIn) {
            read.problems()
                    .add(path, "needs exactly one of file, topic and cdc; it has " + sources);
        }
        if (spec.format() != null && spec.topic() == null) {
            read.problems()
                    .add(
                            path + ".format",
                            "is for rows in a topic of others; leave it out, files are what their endings say"
                                    + " and Debezium writes JSON");
        }
        if (spec.cdc() != null) {
            TablePlan.Capture capture =
                    new CaptureCompiler(read, pipeline)
                            .compile(path, spec.cdc(), schema, file(path, spec));
            return new TablePlan(
                    spec.name(),
                    spec.key(),
                    schema,
                    rows(capture.database().prefix() + "." + capture.qualified(), false),
                    capture);
        }
        return new TablePlan(
                spec.name(),
                spec.key(),
                schema,
                topic(path + ".topic", spec),
                spec.file() == null
                        ? new TablePlan.Topic(spec.format() == StreamSpec.Format.avro)
                        : file(path, spec));
    }

    private void key(String path, TableSpec spec, Schema schema) {
        if (spec.key() == null) {
            read.problems().add(path, "is missing; name the field that identifies a row");
            return;
        }
        FieldPlan key = schema.field(spec.key()).orElse(null);
        if (key == null) {
            if (!schema.isOpen()) {
                read.problems().unknown(path, "field", spec.key(), schema.names());
            }
        } else if (!KEYS.contains(key.type())) {
            read.problems()
                    .add(
                            path,
                            "\""
                                    + key.name()
                                    + "\" is of type "
                                    + SchemaCompiler.text(key.type())
                                    + "; rows are identified by a string, integer or boolean");
        } else if (!key.required()) {
            read.problems()
                    .add(
                            path,
                            "\""
                                    + key.name()
                                    + "\" is optional, and a row without it cannot be found; make it required");
        }
    }

    private TopicPlan topic(String path, TableSpec spec) {
        if (spec.topic() != null && !TOPIC.matcher(spec.topic()).matches()) {
            read.problems()
                    .add(
                            path,
                            "\""
                                    + spec.topic()
                                    + "\" cannot be a topic's name; use letters, digits, '.', '_' and '-'");
        }
        return rows(
                spec.topic() == null ? ownTopic(pipeline, spec.name()) : spec.topic(),
                spec.topic() != null);
    }

    /** The topic that the rows of a table's file are loaded into. */
    static String ownTopic(String pipeline, String table) {
        return pipeline + "-" + table;
    }

    private static TopicPlan rows(String name, boolean existing) {
        return new TopicPlan(name, existing, 1, 1, Duration.ofDays(1), Content.ROWS);
    }

    private TablePlan.File file(String path, TableSpec spec) {
        return spec.file() == null
                ? null
                : new TablePlan.File(spec.file(), format(path + ".file", spec.file()));
    }

    private Format format(String path, String file) {
        boolean outside =
                file.startsWith("/")
                        || file.contains("\\")
                        || file.contains(":")
                        || List.of(file.split("/")).contains("..");
        if (outside) {
            read.problems()
                    .add(
                            path,
                            "\""
                                    + file
                                    + "\" lies elsewhere; write a path below the manifest's folder, such as products.csv");
        }
        String lower = file.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".csv")) {
            return Format.CSV;
        }
        if (!lower.endsWith(".ndjson") && !lower.endsWith(".jsonl")) {
            read.problems()
                    .add(
                            path,
                            "\""
                                    + file
                                    + "\" is of an unknown kind; give it the ending .csv or .ndjson");
        }
        return Format.NDJSON;
    }
}
