package dev.millrace.pipeline.plan;

import static dev.millrace.pipeline.plan.Read.list;

import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.MetricSpec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the plans of {@code latest}: which rows there are, and where they are. */
final class LatestCompiler {
    private static final Pattern CELLS = Pattern.compile("h3/([0-9]|1[0-5])");

    private static final int MOST_STATES = 100;

    private final Read read;
    private final Problems problems;
    private final FieldFinder fields;

    LatestCompiler(Read read, FieldFinder fields) {
        this.read = read;
        this.problems = read.problems();
        this.fields = fields;
    }

    LatestPlan compile(String path, MetricSpec spec, Schema schema) {
        FieldPlan key = null;
        if (spec.key() == null) {
            problems.add(path + ".key", "is missing; name the field that identifies a row");
        } else {
            key = scalar(path + ".key", spec.key(), schema);
        }
        FieldPlan value =
                spec.value() == null ? null : scalar(path + ".value", spec.value(), schema);
        FieldPlan since =
                spec.since() == null ? null : fields.find(path + ".since", spec.since(), schema);
        if (since != null && since.type() != null && since.type() != FieldType.timestamp) {
            problems.add(
                    path + ".since",
                    "\""
                            + since.name()
                            + "\" is of type "
                            + SchemaCompiler.text(since.type())
                            + "; name a field of type timestamp");
        }
        if (spec.by() != null) {
            problems.add(
                    path + ".by",
                    "is not for latest, whose rows are counted by value; leave it out");
        }
        if ((spec.window() != null && !spec.window().equals("all"))
                || list(spec.windows()).stream().anyMatch(window -> !"all".equals(window))) {
            problems.add(
                    path + (spec.window() == null ? ".windows" : ".window"),
                    "is not for latest, which keeps rows whatever their age; leave it out");
        }
        List<FieldPlan> position = position(path + ".position", spec, schema);
        boolean located = position.size() == 2;
        return new LatestPlan(
                key,
                value,
                since,
                located ? position.getFirst() : null,
                located ? position.getLast() : null,
                read.number(path + ".rows", spec.rows(), LatestPlan.ROWS, 1, 1_000_000),
                new FenceCompiler(problems).compile(path + ".fences", Read.map(spec.fences())),
                cells(path + ".cells", spec.cells()),
                leave(path + ".leave", Read.map(spec.leave()), value));
    }

    private Map<String, Duration> leave(String path, Map<String, String> states, FieldPlan value) {
        if (!states.isEmpty() && value == null) {
            problems.add(path, "needs value, the field that is the state of a row");
        }
        if (states.size() > MOST_STATES) {
            problems.add(path, states.size() + " are too many; write at most " + MOST_STATES);
        }
        Map<String, Duration> leave = new LinkedHashMap<>();
        states.forEach(
                (state, text) -> {
                    String at = path + "." + state;
                    if (text == null) {
                        problems.add(at, "is empty; write a duration such as 10m");
                        return;
                    }
                    if (value != null
                            && !value.allowed().isEmpty()
                            && !value.allowed().contains(state)) {
                        problems.add(
                                at,
                                "\""
                                        + value.name()
                                        + "\" is never \""
                                        + state
                                        + "\""
                                        + Suggestion.of(state, value.allowed()));
                    }
                    leave.put(
                            state,
                            read.duration(
                                    at,
                                    text,
                                    null,
                                    Duration.ofSeconds(1),
                                    Duration.ofDays(10_000)));
                });
        leave.values().removeIf(Objects::isNull);
        return Map.copyOf(leave);
    }

    private Integer cells(String path, String text) {
        if (text == null) {
            return null;
        }
        Matcher grid = CELLS.matcher(text);
        if (!grid.matches()) {
            problems.add(
                    path,
                    "\""
                            + text
                            + "\" is no grid; write h3/0 (cells of a continent) to h3/15 (of a square metre), such as h3/8");
            return null;
        }
        return Integer.valueOf(grid.group(1));
    }

    private FieldPlan scalar(String path, String name, Schema schema) {
        FieldPlan field = fields.find(path, name, schema);
        if (field != null && !field.isScalar()) {
            problems.add(
                    path,
                    "\""
                            + field.name()
                            + "\" is an "
                            + field.type()
                            + "; name a string, number, boolean or timestamp");
        }
        return field;
    }

    private List<FieldPlan> position(String path, MetricSpec spec, Schema schema) {
        if (spec.position() == null) {
            if (spec.fences() != null || spec.cells() != null) {
                problems.add(
                        path,
                        "is missing; fences and cells need the fields of longitude and latitude");
            }
            return List.of();
        }
        if (spec.position().size() != 2) {
            problems.add(path, "needs two fields, longitude and latitude: [lon, lat]");
        }
        List<FieldPlan> found = new ArrayList<>();
        for (String name : spec.position()) {
            FieldPlan field = name == null ? null : fields.find(path, name, schema);
            if (field != null && !field.isNumeric()) {
                problems.add(
                        path,
                        "\""
                                + field.name()
                                + "\" is of type "
                                + SchemaCompiler.text(field.type())
                                + "; name a number of degrees");
            }
            found.add(field);
        }
        return found;
    }
}
