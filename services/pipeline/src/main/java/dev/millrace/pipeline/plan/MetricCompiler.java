package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.event.Items;
import dev.millrace.pipeline.resource.MetricSpec;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes the plans of metrics: measures first, then the formulas over them. */
final class MetricCompiler {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Set<Measure> OF_NUMBER =
            Set.of(Measure.sum, Measure.average, Measure.min, Measure.max, Measure.percentiles);

    private final Read read;
    private final Problems problems;
    private final Map<String, StreamPlan> streams;
    private final FieldFinder fields;
    private final MetricSettings settings;
    private final WindowCompiler windows;

    MetricCompiler(Read read, Map<String, StreamPlan> streams) {
        this.read = read;
        this.problems = read.problems();
        this.streams = streams;
        this.fields = new FieldFinder(problems);
        this.settings = new MetricSettings(problems);
        this.windows = new WindowCompiler(problems);
    }

    Map<String, MetricPlan> compile(List<MetricSpec> specs) {
        Map<String, MetricPlan> metrics = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < specs.size(); i++) {
            MetricSpec spec = specs.get(i);
            String path = "spec.metrics[" + i + "]";
            if (spec == null) {
                continue;
            }
            if (!name(path + ".name", spec.name(), names)) {
                if (!names.contains(spec.name())) {
                    problems.unusable("metric", spec.name());
                }
                continue;
            }
            MeasurePlan measure = spec.formula() == null ? measure(path, spec) : null;
            if (spec.formula() == null && measure == null) {
                problems.unusable("metric", spec.name());
            }
            // a formula's place in the order is kept for the second pass
            metrics.put(spec.name(), measure);
        }
        Map<String, MetricPlan> measures = new LinkedHashMap<>(metrics);
        measures.values().removeIf(Objects::isNull);
        Set<String> formulas = new LinkedHashSet<>();
        specs.stream()
                .filter(spec -> spec != null && spec.formula() != null)
                .map(MetricSpec::name)
                .filter(name -> metrics.containsKey(name) && !measures.containsKey(name))
                .forEach(formulas::add);
        for (int i = 0; i < specs.size(); i++) {
            MetricSpec spec = specs.get(i);
            // of two metrics with one name the first counts, and the other was noted
            if (spec != null
                    && spec.formula() != null
                    && metrics.containsKey(spec.name())
                    && metrics.get(spec.name()) == null) {
                FormulaPlan formula =
                        new FormulaCompiler(problems, settings, windows)
                                .compile("spec.metrics[" + i + "]", spec, measures, formulas);
                if (formula == null) {
                    problems.unusable("metric", spec.name());
                }
                metrics.put(spec.name(), formula);
            }
        }
        metrics.values().removeIf(Objects::isNull);
        return metrics;
    }

    private boolean name(String path, String name, Set<String> taken) {
        if (name == null) {
            problems.add(path, "is missing; give it a name such as page_views");
        } else if (!NAME.matcher(name).matches()) {
            problems.add(
                    path,
                    "\""
                            + name
                            + "\" cannot be a metric's name; use lower-case letters, digits and '_', beginning"
                            + " with a letter");
        } else if (name.equals("millrace")) {
            problems.add(path, "\"millrace\" is reserved; choose another name");
        } else if (!taken.add(name)) {
            problems.add(path, "\"" + name + "\" is the name of another metric too");
        } else {
            return true;
        }
        return false;
    }

    private MeasurePlan measure(String path, MetricSpec spec) {
        int before = problems.noted();
        StreamPlan stream = stream(path, spec);
        if (spec.measure() == null) {
            problems.add(
                    path + ".measure",
                    "is missing; write count, sum, average, min, max, unique, percentiles or latest,"
                            + " or a formula");
        }
        if (stream == null || spec.measure() == null) {
            return null;
        }
        int noted = problems.noted();
        Items items = new ExplodeCompiler(problems).compile(path, spec, stream.schema());
        if (problems.noted() > noted) {
            return null;
        }
        Schema schema =
                items == null ? stream.schema() : ExplodeCompiler.schema(stream.schema(), items);
        FieldPlan of = of(path + ".of", spec, schema);
        List<FieldPlan> by = by(path + ".by", spec, schema);
        LatestPlan latest = null;
        if (spec.measure() == Measure.latest) {
            latest = new LatestCompiler(read, fields).compile(path, spec, schema);
            by = latest == null || latest.value() == null ? List.of() : List.of(latest.value());
        } else {
            settings.onlyForLatest(path, spec);
        }
        Condition where = null;
        if (spec.where() != null && !schema.isOpen()) {
            where =
                    Condition.compile(
                                    path + ".where",
                                    items == null
                                            ? spec.where()
                                            : ExplodeCompiler.expression(spec.where()),
                                    items == null
                                            ? schema
                                            : ExplodeCompiler.expressionSchema(
                                                    stream.schema(), items),
                                    problems)
                            .orElse(null);
        }
        boolean approximate = settings.isApproximate(path, spec);
        List<Window> windows = this.windows.compile(path, spec);
        int limit = read.number(path + ".limit", spec.limit(), 10, 1, 1_000);
        int maxGroups = read.number(path + ".maxGroups", spec.maxGroups(), 100_000, 1, 1_000_000);
        if (spec.maxGroups() != null && spec.by() == null) {
            problems.add(
                    path + ".maxGroups", "is for metrics with by only; leave it out, or add by");
        }
        if (problems.noted() > before || problems.isAnyBelow(path)) {
            return null;
        }
        return new MeasurePlan(
                spec.name(),
                MetricSettings.title(spec),
                stream.name(),
                spec.measure(),
                of,
                by,
                where,
                windows,
                windows.stream().map(Window::granularity).distinct().toList(),
                spec.unit(),
                limit,
                maxGroups,
                approximate,
                items,
                latest);
    }

    private StreamPlan stream(String path, MetricSpec spec) {
        if (spec.from() != null) {
            StreamPlan stream = streams.get(spec.from());
            if (stream == null) {
                problems.unknown(path + ".from", "stream", spec.from(), streams.keySet());
            }
            return stream;
        }
        List<StreamPlan> candidates = new ArrayList<>(streams.values());
        if (problems.anyUnusable("stream")) {
            return null;
        }
        if (candidates.size() > 1) {
            problems.add(
                    path + ".from",
                    "is missing, and there are several streams; write one of "
                            + String.join(", ", streams.keySet()));
        }
        return candidates.size() == 1 ? candidates.getFirst() : null;
    }

    private FieldPlan of(String path, MetricSpec spec, Schema schema) {
        boolean needed = spec.measure() != Measure.count && spec.measure() != Measure.latest;
        if (spec.of() == null) {
            if (needed) {
                problems.add(
                        path, "is missing; name the field to take the " + spec.measure() + " of");
            }
            return null;
        }
        if (!needed) {
            problems.add(
                    path,
                    spec.measure() + " takes no field; leave it out, or measure unique or sum");
            return null;
        }
        FieldPlan field = fields.find(path, spec.of(), schema);
        if (field != null && OF_NUMBER.contains(spec.measure()) && !field.isNumeric()) {
            problems.add(
                    path,
                    "\""
                            + field.name()
                            + "\" is of type "
                            + SchemaCompiler.text(field.type())
                            + "; "
                            + spec.measure()
                            + " needs an integer or a number");
        } else if (field != null && !field.isScalar()) {
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

    private List<FieldPlan> by(String path, MetricSpec spec, Schema schema) {
        List<FieldPlan> by = new ArrayList<>();
        if (spec.by() == null) {
            return by;
        }
        for (String name : spec.by().split(",", -1)) {
            if (name.isBlank()) {
                problems.add(
                        path, "names no field; write one, or several with commas between: a, b");
                continue;
            }
            FieldPlan field = fields.find(path, name.strip(), schema);
            if (field != null && !field.isScalar()) {
                problems.add(
                        path,
                        "\""
                                + field.name()
                                + "\" is an "
                                + field.type()
                                + "; name a string, number or boolean");
            } else if (field != null && by.contains(field)) {
                problems.add(path, "names \"" + field.name() + "\" twice");
            } else if (field != null) {
                by.add(field);
            }
        }
        return List.copyOf(by);
    }
}
