package dev.millrace.pipeline.plan;

import static dev.millrace.pipeline.plan.Read.list;

import dev.millrace.pipeline.event.Items;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.MetricSpec;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the plans of metrics: measures first, then the formulas over them. */
final class MetricCompiler {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern CELLS = Pattern.compile("h3/([0-9]|1[0-5])");
    private static final Set<Measure> OF_NUMBER =
            Set.of(Measure.sum, Measure.average, Measure.min, Measure.max, Measure.percentiles);

    private final Read read;
    private final Problems problems;
    private final Map<String, StreamPlan> streams;

    MetricCompiler(Read read, Map<String, StreamPlan> streams) {
        this.read = read;
        this.problems = read.problems();
        this.streams = streams;
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
                FormulaPlan formula = formula("spec.metrics[" + i + "]", spec, measures, formulas);
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
            latest = latest(path, spec, schema);
            by = latest == null || latest.value() == null ? List.of() : List.of(latest.value());
        } else {
            onlyForLatest(path, spec);
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
        List<Window> windows = windows(path, spec);
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
                title(spec),
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
        FieldPlan field = field(path, spec.of(), schema);
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
            FieldPlan field = field(path, name.strip(), schema);
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

    private FieldPlan field(String path, String name, Schema schema) {
        FieldPlan field = schema.field(name).orElse(null);
        if (field == null && schema.isOpen()) {
            return new FieldPlan(
                    -1, name, List.of(name.split("\\.")), null, false, Set.of(), Map.of());
        } else if (field == null) {
            problems.unknown(path, "field", name, schema.names());
        }
        return field;
    }

    private LatestPlan latest(String path, MetricSpec spec, Schema schema) {
        FieldPlan key = null;
        if (spec.key() == null) {
            problems.add(path + ".key", "is missing; name the field that identifies a row");
        } else {
            key = scalar(path + ".key", spec.key(), schema);
        }
        FieldPlan value =
                spec.value() == null ? null : scalar(path + ".value", spec.value(), schema);
        FieldPlan since =
                spec.since() == null ? null : field(path + ".since", spec.since(), schema);
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
                cells(path + ".cells", spec.cells()));
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
        FieldPlan field = field(path, name, schema);
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
        List<FieldPlan> fields = new ArrayList<>();
        for (String name : spec.position()) {
            FieldPlan field = name == null ? null : field(path, name, schema);
            if (field != null && !field.isNumeric()) {
                problems.add(
                        path,
                        "\""
                                + field.name()
                                + "\" is of type "
                                + SchemaCompiler.text(field.type())
                                + "; name a number of degrees");
            }
            fields.add(field);
        }
        return fields;
    }

    private void onlyForLatest(String path, MetricSpec spec) {
        reject(path, ofLatest(spec), "is for measure: latest only; leave it out");
    }

    private void onlyForMeasures(String path, MetricSpec spec) {
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("from", spec.from());
        set.put("of", spec.of());
        set.put("by", spec.by());
        set.put("where", spec.where());
        set.put("explode", spec.explode());
        set.put("limit", spec.limit());
        set.put("maxGroups", spec.maxGroups());
        set.putAll(ofLatest(spec));
        reject(path, set, "is for measures, and this is a formula; leave it out");
    }

    private static Map<String, Object> ofLatest(MetricSpec spec) {
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("key", spec.key());
        set.put("value", spec.value());
        set.put("since", spec.since());
        set.put("position", spec.position());
        set.put("fences", spec.fences());
        set.put("cells", spec.cells());
        set.put("rows", spec.rows());
        return set;
    }

    private void reject(String path, Map<String, Object> settings, String why) {
        settings.forEach(
                (name, value) -> {
                    if (value != null) {
                        problems.add(path + "." + name, why);
                    }
                });
    }

    private List<Window> windows(String path, MetricSpec spec) {
        if (spec.window() != null && spec.windows() != null) {
            problems.add(path + ".windows", "and window are both there; keep one of them");
        }
        if (spec.window() == null && list(spec.windows()).isEmpty()) {
            if (spec.measure() == Measure.latest) {
                return List.of(Window.ALL);
            }
            problems.add(path + ".window", "is missing; write a duration such as 5m, or all");
            return List.of();
        }
        if (spec.window() != null) {
            return windows(path + ".window", List.of(spec.window()), false);
        }
        return windows(path + ".windows", spec.windows(), true);
    }

    private List<Window> windows(String path, List<String> texts, boolean indexed) {
        Map<String, Window> windows = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            String at = indexed ? path + "[" + i + "]" : path;
            Window window = text == null ? null : window(at, text);
            if (window != null && windows.putIfAbsent(text, window) != null) {
                problems.add(at, text + " is there twice");
            }
        }
        return List.copyOf(windows.values());
    }

    private Window window(String path, String text) {
        Optional<Window> named = Window.named(text);
        if (named.isPresent()) {
            return named.get();
        }
        // the CRD takes no smaller units
        Duration length = text.endsWith("s") ? null : DurationText.parse(text).orElse(null);
        if (length == null) {
            problems.add(
                    path,
                    "\""
                            + text
                            + "\" is no window; write a number and one of m, h, d, such as 5m, or minute, hour, day or all");
            return null;
        }
        if (length.compareTo(Duration.ofMinutes(1)) < 0
                || length.compareTo(Duration.ofDays(400)) > 0) {
            problems.add(path, text + " is out of bounds; write 1m to 400d, or all");
            return null;
        }
        Granularity granularity = Granularity.forWindow(length);
        if (length.toMillis() % granularity.millis() != 0) {
            problems.add(
                    path,
                    text
                            + " is not made of whole buckets of "
                            + granularity.text()
                            + "; up to 2h write whole minutes, up to 7d whole hours, above whole days");
            return null;
        }
        return new Window(text, length, granularity);
    }

    private FormulaPlan formula(
            String path, MetricSpec spec, Map<String, MetricPlan> measures, Set<String> formulas) {
        if (problems.isAnyBelow(path)) {
            return null;
        }
        if (spec.measure() != null) {
            problems.add(path + ".measure", "and formula are both there; keep one of them");
            return null;
        }
        onlyForMeasures(path, spec);
        for (String name : formulas) {
            if (Pattern.compile("\\b" + name + "\\b(?!\\s*\\()").matcher(spec.formula()).find()) {
                problems.add(
                        path + ".formula",
                        "\"" + name + "\" is a formula; take the measures it is made of instead");
                return null;
            }
        }
        Formula formula =
                Formula.compile(path + ".formula", spec.formula(), measures.keySet(), problems)
                        .orElse(null);
        if (formula == null) {
            return null;
        }
        if (formula.metrics().isEmpty()) {
            problems.add(
                    path + ".formula",
                    "mentions no metric; use the names of others, such as purchases / views");
            return null;
        }
        List<Window> common = new ArrayList<>(measures.get(formula.metrics().getFirst()).windows());
        formula.metrics().forEach(name -> common.retainAll(measures.get(name).windows()));
        if (spec.window() != null || spec.windows() != null) {
            List<Window> asked = windows(path, spec);
            asked.stream()
                    .filter(window -> !common.contains(window))
                    .forEach(
                            window ->
                                    problems.add(
                                            path + ".windows",
                                            "not all of "
                                                    + String.join(", ", formula.metrics())
                                                    + " have the window "
                                                    + window
                                                    + "; add it to them"));
            if (asked.isEmpty()) {
                return null;
            }
            return new FormulaPlan(spec.name(), title(spec), formula, asked, spec.unit());
        }
        if (common.isEmpty()) {
            problems.add(
                    path + ".formula",
                    String.join(" and ", formula.metrics())
                            + " have no window in common; give them one");
            return null;
        }
        return new FormulaPlan(spec.name(), title(spec), formula, List.copyOf(common), spec.unit());
    }

    private static String title(MetricSpec spec) {
        if (spec.title() != null) {
            return spec.title();
        }
        String words = spec.name().replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
