package dev.millrace.api.rest;

import dev.millrace.api.history.History;
import dev.millrace.api.history.HistoryController;
import dev.millrace.api.json.Answer;
import dev.millrace.api.json.Shapes;
import dev.millrace.api.problem.ApiProblem;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshots;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.Fence;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.FormulaPlan;
import dev.millrace.pipeline.plan.LatestPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.Window;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metrics and their values. */
@RestController
public final class MetricController {
    private static final IntegerParameter LIMIT = new IntegerParameter("limit", 1, 1_000, 10);
    private static final IntegerParameter OFFSET =
            new IntegerParameter("offset", 0, Long.MAX_VALUE, 0);

    private final Plan plan;
    private final Snapshots snapshots;
    private final History history;

    /** A controller of one plan's metrics. */
    public MetricController(Plan plan, Snapshots snapshots, History history) {
        this.plan = plan;
        this.snapshots = snapshots;
        this.history = history;
    }

    /** What is measured. */
    @GetMapping("/api/v1/metrics")
    public ResponseEntity<byte[]> metrics() {
        return Answer.lasting(
                Map.of("metrics", plan.metrics().stream().map(this::describe).toList()));
    }

    private Map<String, Object> describe(MetricPlan metric) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", metric.name());
        shape.put("title", metric.title());
        switch (metric) {
            case MeasurePlan measure -> {
                shape.put("measure", measure.measure().name());
                shape.put("of", measure.of() == null ? null : measure.of().name());
                shape.put("by", measure.by().stream().map(FieldPlan::name).toList());
                shape.put("where", measure.where() == null ? null : measure.where().source());
                shape.put("unit", measure.unit());
                shape.put("from", measure.stream());
                if (measure.isApproximate()) {
                    shape.put("approximate", true);
                }
                if (measure.items() != null) {
                    shape.put("explode", measure.items().array().name());
                }
                if (measure.latest() != null) {
                    putRows(shape, measure.latest());
                }
            }
            case FormulaPlan formula -> {
                shape.put("measure", "formula");
                shape.put("formula", formula.formula().source());
                shape.put("of", null);
                shape.put("by", List.of());
                shape.put("where", null);
                shape.put("unit", formula.unit());
                shape.put("from", null);
            }
        }
        shape.put("windows", metric.windows().stream().map(Window::text).toList());
        shape.put(
                "history",
                history.obstacle().isEmpty() ? HistoryController.steps(metric, plan) : List.of());
        return shape;
    }

    private static void putRows(Map<String, Object> shape, LatestPlan latest) {
        shape.put("key", latest.key().name());
        if (latest.isLocated()) {
            shape.put("position", List.of(latest.longitude().name(), latest.latitude().name()));
        }
        if (!latest.fences().isEmpty()) {
            shape.put("fences", latest.fences().stream().map(MetricController::fence).toList());
        }
        if (latest.cells() != null) {
            shape.put("cells", "h3/" + latest.cells());
        }
    }

    private static Map<String, Object> fence(Fence fence) {
        Map<String, Object> area = new LinkedHashMap<>();
        area.put("type", "MultiPolygon");
        area.put("coordinates", fence.coordinates());
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", fence.name());
        shape.put("area", area);
        return shape;
    }

    /** A metric over a window. */
    @GetMapping("/api/v1/metrics/{name}")
    public ResponseEntity<byte[]> metric(
            @PathVariable("name") String name,
            @RequestParam(name = "window", required = false) String window,
            @RequestParam(name = "limit", required = false) String limit,
            @RequestParam(name = "offset", required = false) String offset,
            @RequestParam(name = "compare", required = false) String compare) {
        Snapshot snapshot = snapshots.newest();
        WindowView view = view(snapshot, name, window);
        int most = (int) LIMIT.parse(limit);
        long skipped = OFFSET.parse(offset);
        if (compare != null && !compare.equals("previous")) {
            throw ApiProblem.badParameter("compare", compare, "previous, or leave it out");
        }
        boolean previous = compare != null;
        Map<String, Object> shape = Shapes.window(view, snapshot.now());
        if (previous) {
            shape.put("previous", view.previous());
        }
        if (view.ranking() != null) {
            shape.put(
                    "groups",
                    Shapes.groups(
                            view.metric(),
                            view.ranking().page(skipped, most),
                            previous,
                            snapshot.now()));
            shape.put("totalGroups", view.ranking().size());
        }
        Shapes.putDegraded(shape, snapshot.condition());
        return Answer.live(shape);
    }

    /** A metric over each bucket of a window. */
    @GetMapping("/api/v1/metrics/{name}/series")
    public ResponseEntity<byte[]> series(
            @PathVariable("name") String name,
            @RequestParam(name = "window", required = false) String window) {
        Snapshot snapshot = snapshots.newest();
        WindowView view = view(snapshot, name, window);
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("metric", name);
        shape.put("window", view.window().text());
        shape.put("bucket", view.window().granularity().text());
        shape.put(
                "points",
                view.series().stream()
                        .map(
                                point -> {
                                    Map<String, Object> pair = new LinkedHashMap<>();
                                    pair.put(
                                            "t",
                                            Shapes.time(Instant.ofEpochSecond(point.seconds())));
                                    pair.put("value", point.value());
                                    return pair;
                                })
                        .toList());
        Shapes.putDegraded(shape, snapshot.condition());
        return Answer.live(shape);
    }

    private WindowView view(Snapshot snapshot, String name, String text) {
        MetricPlan metric =
                plan.metric(name).orElseThrow(() -> ApiProblem.unknownMetric(name, plan));
        Window window =
                text == null
                        ? metric.windows().getFirst()
                        : metric.window(text)
                                .orElseThrow(() -> ApiProblem.unknownWindow(text, metric));
        return snapshot.view(name, window).orElseThrow();
    }
}
