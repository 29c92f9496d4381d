package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.event.Items;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.MetricSpec;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the array that a metric counts the items of: the one that {@code explode} names, or whose
 * items' fields other settings name, such as {@code items[].quantity}.
 */
record ExplodeCompiler(Problems problems) {
    private static final Pattern NAMED =
            Pattern.compile("^\\s*(" + SchemaCompiler.PATH + ")\\[\\]");

    /**
     * In an expression: a text in quotes, which stays, or the name of an array and the brackets.
     */
    private static final Pattern IN_EXPRESSION =
            Pattern.compile(
                    "\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|("
                            + SchemaCompiler.PATH
                            + ")\\[\\]\\.([A-Za-z_][A-Za-z0-9_]*)");

    /** The items that a metric counts; {@code null}: it counts events, or a problem was noted. */
    Items compile(String path, MetricSpec spec, Schema schema) {
        Set<String> names = new LinkedHashSet<>();
        if (spec.explode() != null) {
            names.add(spec.explode());
        }
        Stream.of(spec.of(), spec.key(), spec.value(), spec.since())
                .forEach(name -> addName(name, names));
        Read.list(spec.position()).forEach(name -> addName(name, names));
        if (spec.by() != null) {
            Stream.of(spec.by().split(",")).forEach(name -> addName(name, names));
        }
        if (spec.where() != null) {
            IN_EXPRESSION
                    .matcher(spec.where())
                    .results()
                    .map(match -> match.group(1))
                    .filter(name -> name != null)
                    .forEach(names::add);
        }
        if (names.isEmpty() || schema.isOpen()) {
            return null;
        }
        if (names.size() > 1) {
            problems.add(
                    path + ".explode",
                    "a metric counts the items of one array, and this one names those of "
                            + String.join(" and ", names));
            return null;
        }
        String name = names.iterator().next();
        FieldPlan array = schema.field(name).orElse(null);
        if (array == null) {
            problems.unknown(path + ".explode", "field", name, schema.names());
        } else if (array.type() != FieldType.array) {
            problems.add(
                    path + ".explode",
                    "\""
                            + name
                            + "\" is of type "
                            + SchemaCompiler.text(array.type())
                            + "; name an array");
        } else {
            checkExpression(path + ".where", spec.where(), array);
            return items(array, schema);
        }
        return null;
    }

    private void checkExpression(String path, String source, FieldPlan array) {
        if (source == null) {
            return;
        }
        List<String> known =
                array.items().keySet().stream().map(name -> array.name() + "[]." + name).toList();
        IN_EXPRESSION
                .matcher(source)
                .results()
                .filter(match -> match.group(1) != null)
                .map(MatchResult::group)
                .filter(name -> !known.contains(name))
                .distinct()
                .forEach(name -> problems.unknown(path, "field", name, known));
    }

    private static void addName(String text, Set<String> names) {
        if (text != null) {
            Matcher matcher = NAMED.matcher(text);
            if (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
    }

    private static Items items(FieldPlan array, Schema schema) {
        List<FieldPlan> fields = new ArrayList<>();
        for (FieldPlan item : array.items().values()) {
            fields.add(
                    new FieldPlan(
                            schema.fields().size() + fields.size(),
                            array.name() + "[]." + item.name(),
                            List.of(array.name(), item.name()),
                            item.type(),
                            item.required(),
                            item.allowed(),
                            item.items()));
        }
        return new Items(array, List.copyOf(fields));
    }

    /** A schema with the items' fields as well, by the names that settings give them. */
    static Schema schema(Schema schema, Items items) {
        List<FieldPlan> fields = new ArrayList<>(schema.fields());
        fields.addAll(items.fields());
        return new Schema(fields, false);
    }

    /** The same by the names that expressions give them: CEL knows no empty brackets. */
    static Schema expressionSchema(Schema schema, Items items) {
        List<FieldPlan> fields = new ArrayList<>(schema.fields());
        for (FieldPlan field : items.fields()) {
            fields.add(
                    new FieldPlan(
                            field.index(),
                            String.join(".", field.path()),
                            field.path(),
                            field.type(),
                            field.required(),
                            field.allowed(),
                            field.items()));
        }
        return new Schema(fields, false);
    }

    /** An expression with the names that {@link #expressionSchema} has. */
    static String expression(String source) {
        return IN_EXPRESSION
                .matcher(source)
                .replaceAll(
                        (MatchResult match) ->
                                Matcher.quoteReplacement(
                                        match.group(1) == null
                                                ? match.group()
                                                : match.group(1) + "." + match.group(3)));
    }
}
