package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.plan.ViewPlan.Column;
import dev.millrace.pipeline.plan.ViewPlan.Each;
import dev.millrace.pipeline.plan.ViewPlan.Fields;
import dev.millrace.pipeline.plan.ViewPlan.Items;
import dev.millrace.pipeline.plan.ViewPlan.Literal;
import dev.millrace.pipeline.plan.ViewPlan.Node;
import dev.millrace.pipeline.plan.ViewPlan.Value;
import dev.millrace.pipeline.resource.ViewSpec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes the plans of views. */
final class ViewCompiler {
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");
    private static final Pattern DOTS = Pattern.compile("/\\.{1,2}(/|$)");
    private static final Set<String> VALUE_KEYS = Set.of("metric", "window", "previous");
    private static final Set<String> EACH_KEYS = Set.of("each", "window", "as", "limit");
    private static final List<String> RESERVED =
            List.of(
                    "/actuator",
                    "/dashboard",
                    "/openapi.json",
                    "/api/v1/metrics",
                    "/api/v1/socket",
                    "/api/v1/stream",
                    "/api/v1/streams",
                    "/api/v1/events",
                    "/api/v1/pipeline",
                    "/api/v1/status",
                    "/api/v1/dead-letters",
                    "/api/v1/proof");

    private final Problems problems;
    private final Map<String, MetricPlan> metrics;

    ViewCompiler(Problems problems, Map<String, MetricPlan> metrics) {
        this.problems = problems;
        this.metrics = metrics;
    }

    List<ViewPlan> compile(List<ViewSpec> specs) {
        List<ViewPlan> views = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < specs.size(); i++) {
            ViewSpec spec = specs.get(i);
            String path = "spec.views[" + i + "]";
            if (spec == null) {
                continue;
            }
            checkPath(path + ".path", spec.path(), taken);
            Duration stream =
                    new Read(problems)
                            .duration(
                                    path + ".stream",
                                    spec.stream(),
                                    null,
                                    Duration.ofMillis(100),
                                    Duration.ofHours(1));
            if (stream != null && spec.path() != null && !taken.add(spec.path() + "/stream")) {
                problems.add(path + ".stream", spec.path() + "/stream is the path of another view");
            }
            if (spec.body() == null) {
                problems.add(
                        path + ".body",
                        "is missing; write the answer, such as {total: {metric: NAME}}");
            } else {
                views.add(new ViewPlan(spec.path(), stream, node(path + ".body", spec.body())));
            }
        }
        return List.copyOf(views);
    }

    private void checkPath(String path, String text, Set<String> taken) {
        if (text == null) {
            problems.add(path, "is missing; write where it is served, such as /stats");
        } else if (!PATH.matcher(text).matches() || DOTS.matcher(text).find()) {
            problems.add(path, "\"" + text + "\" is no path; write one such as /api/v1/stats");
        } else if (RESERVED.stream()
                .anyMatch(own -> text.equals(own) || text.startsWith(own + "/"))) {
            problems.add(path, text + " is a path of Millrace itself; choose another");
        } else if (!taken.add(text)) {
            problems.add(path, text + " is the path of another view too");
        }
    }

    private Node node(String path, Object body) {
        return switch (body) {
            case Map<?, ?> map when map.containsKey("metric") -> value(path, map);
            case Map<?, ?> map when map.containsKey("each") -> each(path, map);
            case Map<?, ?> map -> {
                Map<String, Node> fields = new LinkedHashMap<>();
                map.forEach(
                        (name, part) -> fields.put(name.toString(), node(path + "." + name, part)));
                yield new Fields(fields);
            }
            case List<?> list -> {
                List<Node> items = new ArrayList<>();
                for (Object part : list) {
                    items.add(node(path + "[" + items.size() + "]", part));
                }
                yield new Items(items);
            }
            case null, default -> new Literal(body);
        };
    }

    private Node value(String path, Map<?, ?> map) {
        checkKeys(path, map, VALUE_KEYS);
        MetricPlan metric = metric(path + ".metric", map.get("metric"));
        boolean previous = Boolean.TRUE.equals(map.get("previous"));
        if (map.get("previous") != null && !(map.get("previous") instanceof Boolean)) {
            problems.add(path + ".previous", "is neither true nor false");
        }
        Window window = metric == null ? null : window(path + ".window", map.get("window"), metric);
        if (previous && window != null && window.isAll()) {
            problems.add(
                    path + ".previous",
                    "there is nothing before the window all; choose another window");
        }
        return new Value(metric, window, previous);
    }

    private Node each(String path, Map<?, ?> map) {
        checkKeys(path, map, EACH_KEYS);
        MetricPlan metric = metric(path + ".each", map.get("each"));
        MeasurePlan measure = metric instanceof MeasurePlan plan ? plan : null;
        if (metric != null && (measure == null || !measure.isGrouped())) {
            problems.add(
                    path + ".each",
                    "\""
                            + metric.name()
                            + "\" has no groups; give it \"by\", or use metric: "
                            + metric.name());
        }
        Window window = metric == null ? null : window(path + ".window", map.get("window"), metric);
        Map<String, Column> as = columns(path + ".as", map.get("as"));
        if (window != null && window.isAll() && as.containsValue(Column.previous)) {
            problems.add(
                    path + ".as",
                    "there is nothing before the window all; leave previous out, or choose another window");
        }
        int limit = measure == null ? 10 : measure.limit();
        String parameter = null;
        Object given = map.get("limit");
        if (given instanceof Map<?, ?> query) {
            checkKeys(path + ".limit", query, Set.of("param", "default"));
            if (query.get("param") instanceof String name
                    && name.matches("[A-Za-z][A-Za-z0-9_-]{0,40}")) {
                parameter = name;
            } else {
                problems.add(
                        path + ".limit.param",
                        "is missing; name the query parameter, such as limit");
            }
            given = query.get("default");
        }
        if (given instanceof Integer number && number >= 1 && number <= 1_000) {
            limit = number;
        } else if (given != null) {
            problems.add(
                    path + ".limit",
                    "is no number from 1 to 1000; write one, or {param: NAME, default: 10}");
        }
        return new Each(measure, window, as, limit, parameter);
    }

    private Map<String, Column> columns(String path, Object given) {
        Map<String, Column> columns = new LinkedHashMap<>();
        if (!(given instanceof Map<?, ?> map) || map.isEmpty()) {
            problems.add(
                    path,
                    "is missing; write what each group becomes, such as {name: key, count: value}");
            return columns;
        }
        map.forEach(
                (name, text) -> {
                    List<String> known = Arrays.stream(Column.values()).map(Enum::name).toList();
                    if (known.contains(String.valueOf(text))) {
                        columns.put(name.toString(), Column.valueOf(text.toString()));
                    } else {
                        problems.unknown(path + "." + name, "column", String.valueOf(text), known);
                    }
                });
        return columns;
    }

    private MetricPlan metric(String path, Object name) {
        if (name == null) {
            problems.add(path, "is empty; name a metric");
            return null;
        }
        MetricPlan metric = metrics.get(String.valueOf(name));
        if (metric == null) {
            problems.unknown(path, "metric", String.valueOf(name), metrics.keySet());
        }
        return metric;
    }

    private Window window(String path, Object text, MetricPlan metric) {
        if (text == null) {
            return metric.windows().getFirst();
        }
        Window window = metric.window(text.toString()).orElse(null);
        if (window == null) {
            problems.unknown(
                    path,
                    "window",
                    text.toString(),
                    metric.windows().stream().map(Window::text).toList());
        }
        return window;
    }

    private void checkKeys(String path, Map<?, ?> map, Set<String> known) {
        map.keySet().stream()
                .map(Object::toString)
                .filter(key -> !known.contains(key))
                .forEach(
                        key ->
                                problems.unknown(
                                        path + "." + key,
                                        "setting",
                                        key,
                                        known.stream().sorted().toList()));
    }
}
