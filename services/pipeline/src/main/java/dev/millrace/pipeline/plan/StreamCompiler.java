package dev.millrace.pipeline.plan;

import static dev.millrace.pipeline.plan.Read.map;

import dev.millrace.pipeline.plan.TopicPlan.Content;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.StreamSpec;
import dev.millrace.pipeline.resource.StreamSpec.Format;
import dev.millrace.pipeline.resource.TopicSpec;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes the plans of streams: sources first, then those that are made from others. */
final class StreamCompiler {
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private final Read read;
    private final Problems problems;
    private final String pipeline;
    private final Map<String, TablePlan> tables;
    private final Map<String, Integer> indexes = new LinkedHashMap<>();
    private final Map<String, StreamPlan> plans = new HashMap<>();
    private final Set<String> underway = new LinkedHashSet<>();

    StreamCompiler(Read read, String pipeline, Map<String, TablePlan> tables) {
        this.read = read;
        this.problems = read.problems();
        this.pipeline = pipeline;
        this.tables = tables;
    }

    Map<String, StreamPlan> compile(List<StreamSpec> specs) {
        if (specs.isEmpty()) {
            problems.add("spec.streams", "is empty; declare at least one stream of events");
        }
        for (int i = 0; i < specs.size(); i++) {
            if (specs.get(i) == null) {
                problems.unusable("stream", null);
                continue;
            }
            String name = specs.get(i).name();
            String path = "spec.streams[" + i + "].name";
            if (!read.name(path, name)) {
                problems.unusable("stream", name);
            } else {
                if (tables.containsKey(name)) {
                    problems.add(path, "\"" + name + "\" is the name of a table too");
                } else if (indexes.putIfAbsent(name, i) != null) {
                    problems.add(path, "\"" + name + "\" is the name of another stream too");
                }
            }
        }
        Map<String, StreamPlan> ordered = new LinkedHashMap<>();
        indexes.forEach(
                (name, index) -> {
                    StreamPlan plan = plan(specs, name);
                    if (plan == null) {
                        problems.unusable("stream", name);
                    } else {
                        ordered.put(name, plan);
                    }
                });
        checkTopics(ordered);
        return ordered;
    }

    private StreamPlan plan(List<StreamSpec> specs, String name) {
        if (plans.containsKey(name)) {
            return plans.get(name);
        }
        int index = indexes.get(name);
        StreamSpec spec = specs.get(index);
        String path = "spec.streams[" + index + "]";
        if (!underway.add(name)) {
            problems.add(
                    path + ".from",
                    "goes round in a circle: " + String.join(" from ", underway) + " from " + name);
            plans.put(name, null);
            return null;
        }
        StreamPlan plan;
        if (spec.from() == null) {
            plan = source(path, spec);
        } else if (!indexes.containsKey(spec.from())) {
            problems.unknown(path + ".from", "stream", spec.from(), indexes.keySet());
            plan = null;
        } else {
            StreamPlan from = plan(specs, spec.from());
            plan =
                    from == null
                            ? null
                            : new JoinedStreamCompiler(read, tables)
                                    .compile(path, spec, from, topic(path, spec, Content.DERIVED));
        }
        underway.remove(name);
        plans.put(name, plan);
        return plan;
    }

    private StreamPlan source(String path, StreamSpec spec) {
        if (spec.fields() == null || spec.fields().isEmpty()) {
            problems.add(
                    path + ".fields",
                    "is missing; declare the fields of an event, such as user_id: {type: string}");
        }
        rejectOnSource(path + ".explode", spec.explode());
        rejectOnSource(path + ".join", spec.join());
        rejectOnSource(path + ".compute", spec.compute());
        Schema schema =
                map(spec.fields()).isEmpty()
                        ? new Schema(List.of(), true)
                        : new SchemaCompiler(read).compile(path + ".fields", spec.fields());
        FieldPlan time = field(path + ".time", spec.time(), schema);
        if (time != null && time.type() != FieldType.timestamp) {
            problems.add(
                    path + ".time",
                    "\""
                            + time.name()
                            + "\" is of type "
                            + SchemaCompiler.text(time.type())
                            + "; event time needs a field of type timestamp");
        }
        FieldPlan key = field(path + ".key", spec.key(), schema);
        if (key != null && !key.isScalar()) {
            problems.add(
                    path + ".key",
                    "\""
                            + key.name()
                            + "\" is an "
                            + key.type()
                            + "; name a string, number or boolean");
        }
        if (spec.generator() != null) {
            new GeneratorCheck(read).check(path + ".generator", spec.generator(), schema);
        }
        return new StreamPlan(
                spec.name(),
                spec.format() == null ? Format.json : spec.format(),
                schema,
                time,
                key,
                read.duration(
                        path + ".lateness",
                        spec.lateness(),
                        Duration.ofMinutes(2),
                        Duration.ofMillis(1),
                        Duration.ofDays(400)),
                topic(path, spec, Content.RECEIVED),
                spec.generator(),
                null);
    }

    private void rejectOnSource(String path, Object value) {
        if (value != null) {
            problems.add(
                    path,
                    "is for streams made from another; add \"from: STREAM\", or leave it out");
        }
    }

    private FieldPlan field(String path, String name, Schema schema) {
        if (name == null) {
            return null;
        }
        FieldPlan field = schema.field(name).orElse(null);
        if (field == null && !schema.isOpen()) {
            problems.unknown(path, "field", name, schema.names());
        }
        return field;
    }

    private TopicPlan topic(String path, StreamSpec spec, Content content) {
        TopicSpec topic =
                spec.topic() == null ? new TopicSpec(null, null, null, null, null) : spec.topic();
        String name = topic.name() == null ? spec.name() : topic.name();
        if (!TOPIC.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            problems.add(
                    path + ".topic.name",
                    "\""
                            + name
                            + "\" cannot be a topic's name; use letters, digits, '.', '_' and '-'");
        }
        return new TopicPlan(
                name,
                Boolean.TRUE.equals(topic.existing()),
                read.number(path + ".topic.partitions", topic.partitions(), 6, 1, 1_000),
                read.number(path + ".topic.replicas", topic.replicas(), 1, 1, 7),
                read.duration(
                        path + ".topic.retention",
                        topic.retention(),
                        Duration.ofDays(1),
                        Duration.ofMinutes(1),
                        Duration.ofDays(10_000)),
                content);
    }

    private void checkTopics(Map<String, StreamPlan> streams) {
        Set<String> taken = new HashSet<>(Set.of(pipeline + "-dead-letters", pipeline + "-stats"));
        tables.values().forEach(table -> taken.add(table.topic().name()));
        streams.forEach(
                (name, stream) -> {
                    if (!taken.add(stream.topic().name())) {
                        problems.add(
                                "spec.streams[" + indexes.get(name) + "].topic.name",
                                "\""
                                        + stream.topic().name()
                                        + "\" is the topic of something else in this pipeline; give each stream its own");
                    }
                });
    }
}
