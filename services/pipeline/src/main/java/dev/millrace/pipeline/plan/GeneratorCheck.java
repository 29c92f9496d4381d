package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.GeneratorSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.ValueSpec;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks how a stream's synthetic events are to be made. */
record GeneratorCheck(Read read) {
    private static final Pattern RATE = Pattern.compile("([0-9]{1,7})(?:\\.\\.([0-9]{1,7}))?");
    private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)%");
    private static final Pattern RANGE =
            Pattern.compile(
                    "(-?[0-9]{1,12}(?:\\.[0-9]{1,6})?)\\.\\.(-?[0-9]{1,12}(?:\\.[0-9]{1,6})?)");

    private static final Pattern SEVERAL = Pattern.compile("\\{([0-9]{1,9})\\.\\.([0-9]{1,9})}");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,6})?");

    void check(String path, GeneratorSpec spec, Schema schema) {
        if (spec.rate() != null) {
            Matcher rate = RATE.matcher(spec.rate());
            if (!rate.matches()) {
                problem(
                        path + ".rate",
                        "\""
                                + spec.rate()
                                + "\" is no rate; write a number of events such as 100, or 20..100");
            } else if (rate.group(2) != null
                    && Integer.parseInt(rate.group(1)) > Integer.parseInt(rate.group(2))) {
                problem(
                        path + ".rate",
                        "begins with the greater number; write "
                                + rate.group(2)
                                + ".."
                                + rate.group(1));
            }
        }
        read.duration(
                path + ".waitAfterBatch",
                spec.waitAfterBatch(),
                null,
                Duration.ofMillis(1),
                Duration.ofHours(1));
        if (spec.invalid() != null) {
            Matcher share = SHARE.matcher(spec.invalid());
            if (!share.matches() || Double.parseDouble(share.group(1)) > 100) {
                problem(
                        path + ".invalid",
                        "\"" + spec.invalid() + "\" is no share; write 0% to 100%, such as 1%");
            }
        }
        if (spec.actor() != null) {
            text(path + ".actor.field", spec.actor().field(), schema);
            read.number(path + ".actor.count", spec.actor().count(), 500, 1, 10_000_000);
        }
        if (spec.session() != null) {
            new SessionCheck(read, path + ".session", spec.session(), schema).check();
        }
        Read.map(spec.values())
                .forEach(
                        (name, value) ->
                                value(path + ".values." + name, name, value, schema, spec));
    }

    /** The field of an array's elements, as {@code items.quantity}. */
    private static Optional<FieldPlan> item(String name, Schema schema) {
        int dot = name.lastIndexOf('.');
        return dot < 0
                ? Optional.empty()
                : schema.field(name.substring(0, dot))
                        .map(array -> array.items().get(name.substring(dot + 1)));
    }

    private void text(String path, String name, Schema schema) {
        new FieldOfType(read, schema).check(path, name, FieldType.string);
    }

    private void value(
            String path, String name, ValueSpec value, Schema schema, GeneratorSpec spec) {
        FieldPlan field = schema.field(name).or(() -> item(name, schema)).orElse(null);
        if (field == null) {
            if (!schema.isOpen()) {
                read.problems().unknown(path, "field", name, schema.names());
            }
            return;
        }
        if (value == null) {
            problem(path, "is empty; write one of weights, choices and range");
            return;
        }
        if (!field.isScalar() || field.type() == FieldType.timestamp) {
            problem(
                    path,
                    "\""
                            + name
                            + "\" is of type "
                            + SchemaCompiler.text(field.type())
                            + "; only strings, numbers and booleans are made from a list");
            return;
        }
        String maker = SessionCheck.maker(spec.session(), name);
        if (maker != null) {
            problem(path, "is made by session." + maker + " already; leave it out");
        }
        belonging(path, field, value, schema, spec);
        long kinds =
                Stream.of(value.weights(), value.choices(), value.range())
                        .filter(Objects::nonNull)
                        .count();
        if (kinds != 1) {
            problem(path, "needs exactly one of weights, choices and range; it has " + kinds);
        }
        if (value.range() != null) {
            Matcher range = RANGE.matcher(value.range());
            if (!range.matches()) {
                problem(
                        path + ".range",
                        "\""
                                + value.range()
                                + "\" is no range; write the least and the greatest, such as 1..500");
            } else if (Double.parseDouble(range.group(1)) > Double.parseDouble(range.group(2))) {
                problem(
                        path + ".range",
                        "begins with the greater number; write "
                                + range.group(2)
                                + ".."
                                + range.group(1));
            }
            if (!field.isNumeric()) {
                problem(
                        path + ".range",
                        "is for numbers, and \""
                                + name
                                + "\" is of type "
                                + SchemaCompiler.text(field.type()));
            }
        }
        if (value.choices() != null) {
            if (value.choices().isEmpty()) {
                problem(path + ".choices", "is empty; list at least one value");
            }
            for (int i = 0; i < value.choices().size(); i++) {
                String choice = value.choices().get(i);
                if (choice != null) {
                    choice(path + ".choices[" + i + "]", choice, field);
                }
            }
        }
        if (value.skew() != null && !(value.skew() >= 0 && value.skew() <= 5)) {
            problem(path + ".skew", value.skew() + " is out of bounds; write 0 to 5");
        }
        if (value.weights() != null) {
            weights(path + ".weights", value.weights(), field);
        }
    }

    /** What a value belongs to, and so long does not change: an actor, another field, or steps. */
    private void belonging(
            String path, FieldPlan field, ValueSpec value, Schema schema, GeneratorSpec spec) {
        boolean perActor = Boolean.TRUE.equals(value.perActor());
        if ((perActor ? 1 : 0) + (value.per() == null ? 0 : 1) + (value.redraw() == null ? 0 : 1)
                > 1) {
            problem(path, "has more than one of perActor, per and redraw; keep one of them");
        }
        if (!schema.fields().contains(field) && (value.per() != null || value.redraw() != null)) {
            problem(
                    path + (value.per() == null ? ".redraw" : ".per"),
                    "is not for the elements of arrays; leave it out");
            return;
        }
        if (value.per() != null) {
            FieldPlan other = schema.field(value.per()).orElse(null);
            if (other == null) {
                read.problems().unknown(path + ".per", "field", value.per(), schema.names());
            } else if (leadsBack(field.name(), Read.map(spec.values()))) {
                problem(
                        path + ".per",
                        "leads back to \"" + field.name() + "\" itself; leave one of them out");
            }
        }
        if (value.redraw() != null) {
            List<String> steps = SessionCheck.names(spec.session());
            if (steps.isEmpty()) {
                problem(path + ".redraw", "names steps, and session has none; leave it out");
                return;
            }
            for (int i = 0; i < value.redraw().size(); i++) {
                if (!steps.contains(value.redraw().get(i))) {
                    read.problems()
                            .unknown(
                                    path + ".redraw[" + i + "]",
                                    "step",
                                    value.redraw().get(i),
                                    steps);
                }
            }
        }
    }

    private static boolean leadsBack(String name, Map<String, ValueSpec> values) {
        Set<String> seen = new HashSet<>();
        String at = name;
        while (at != null && seen.add(at)) {
            ValueSpec value = values.get(at);
            at = value == null ? null : value.per();
        }
        return name.equals(at);
    }

    private void choice(String path, String choice, FieldPlan field) {
        Matcher several = SEVERAL.matcher(choice);
        boolean one = true;
        while (several.find()) {
            one = false;
            if (Integer.parseInt(several.group(1)) > Integer.parseInt(several.group(2))) {
                problem(path, several.group() + " begins with the greater number; turn it round");
            }
        }
        fits(path, one ? choice : several.replaceAll("$1"), field);
    }

    private void weights(String path, Map<String, Double> weights, FieldPlan field) {
        weights.forEach(
                (value, weight) -> {
                    fits(path + "." + value, value, field);
                    if (weight == null || !(weight >= 0 && weight <= 1e9)) {
                        problem(
                                path + "." + value,
                                (weight == null ? "is empty" : weight + " is out of bounds")
                                        + "; write 0 to 1000000000");
                    }
                });
        if (weights.values().stream().noneMatch(weight -> weight != null && weight > 0)) {
            problem(path, "has no weight above 0; write value: weight, such as page_view: 80");
        }
    }

    /** A value that the field does not take would make each event with it invalid. */
    private void fits(String path, String value, FieldPlan field) {
        if (!field.allowed().isEmpty() && !field.allowed().contains(value)) {
            read.problems().unknown(path, "value", value, field.allowed());
        }
        boolean fits =
                switch (field.type()) {
                    case integer -> INTEGER.matcher(value).matches();
                    case number -> NUMBER.matcher(value).matches();
                    case bool -> value.equals("true") || value.equals("false");
                    default -> true;
                };
        if (!fits) {
            problem(
                    path,
                    "\""
                            + value
                            + "\" is no "
                            + SchemaCompiler.text(field.type())
                            + ", and the field is of that type");
        }
    }

    private void problem(String path, String message) {
        read.problems().add(path, message);
    }
}
