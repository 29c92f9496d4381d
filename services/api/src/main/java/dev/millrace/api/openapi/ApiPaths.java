package dev.millrace.api.openapi;

import dev.millrace.api.history.HistoryController;
import dev.millrace.pipeline.plan.LatestPlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.ViewPlan;
import dev.millrace.pipeline.plan.Window;
import dev.millrace.pipeline.state.StateKeys;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What the API answers. */
final class ApiPaths {
    private static final String NOTHING_FREE = "Too many clients stream already";

    private ApiPaths() {}

    static void add(Plan plan, Map<String, Object> paths) {
        put(
                paths,
                "/api/v1/pipeline",
                new Operation("pipeline", "pipeline", "Streams and panels")
                        .answers(200, "The pipeline", Schemas.ref("Pipeline")));
        put(
                paths,
                "/api/v1/status",
                new Operation("pipeline", "status", "State, totals, and positions in Kafka")
                        .answers(200, "The state", Schemas.ref("Status")));
        put(
                paths,
                "/api/v1/dead-letters",
                new Operation("pipeline", "dead-letters", "The newest events that did not count")
                        .parameter(
                                limit("How many, newest first", StateKeys.RECENT_DEAD_LETTERS, 20))
                        .answers(
                                200,
                                "Events and why they did not count",
                                Schemas.ref("DeadLetters"))
                        .problem(400, "The limit is no number within its bounds"));
        put(
                paths,
                "/api/v1/proof",
                new Operation(
                                "pipeline",
                                "proof",
                                "How numbers compare with a recount of the audit's records")
                        .answers(200, "The newest comparisons", Schemas.ref("Proof")));
        metrics(plan, paths);
        history(plan, paths);
        rows(plan, paths);
        cells(plan, paths);
        versions(plan, paths);
        stream(paths);
        socket(paths);
        plan.views().forEach(view -> view(view, paths));
    }

    private static void put(Map<String, Object> paths, String path, Operation operation) {
        paths.put(path, Map.of("get", operation.build()));
    }

    private static Map<String, Object> metric(List<String> names) {
        return Parameters.path("name", "The metric", Schemas.oneOf(names));
    }

    private static Map<String, Object> limit(String what, int most, int usual) {
        return Parameters.query("limit", what, Parameters.integer(1, most, usual));
    }

    private static Map<String, Object> offset(String what, int most) {
        return Parameters.query("offset", what, Parameters.integer(0, most, 0));
    }

    private static List<String> tables(Plan plan, Predicate<LatestPlan> which) {
        return plan.measures()
                .filter(measure -> measure.latest() != null && which.test(measure.latest()))
                .map(MetricPlan::name)
                .toList();
    }

    private static void metrics(Plan plan, Map<String, Object> paths) {
        put(
                paths,
                "/api/v1/metrics",
                new Operation("metrics", "metrics", "What is measured")
                        .answers(
                                200,
                                "All metrics",
                                Schemas.object(
                                        Map.entry(
                                                "metrics", Schemas.array(Schemas.ref("Metric"))))));
        if (plan.metrics().isEmpty()) {
            return;
        }
        Map<String, Object> name = metric(plan.metrics().stream().map(MetricPlan::name).toList());
        Map<String, Object> window =
                Parameters.query(
                        "window",
                        "One of the metric's windows; by default its first",
                        Schemas.oneOf(
                                plan.metrics().stream()
                                        .flatMap(metric -> metric.windows().stream())
                                        .map(Window::text)
                                        .distinct()
                                        .toList()));
        put(
                paths,
                "/api/v1/metrics/{name}",
                new Operation("metrics", "metric", "A metric over a window")
                        .parameter(name)
                        .parameter(window)
                        .parameter(limit("How many groups, highest first", 1_000, 10))
                        .parameter(offset("How many groups to leave out before them", -1))
                        .parameter(
                                Parameters.query(
                                        "compare",
                                        "Also the values over the window just before",
                                        Schemas.oneOf(List.of("previous"))))
                        .answers(200, "The metric", Schemas.ref("MetricValue"))
                        .problem(400, "A parameter cannot be used")
                        .problem(404, "There is no such metric"));
        put(
                paths,
                "/api/v1/metrics/{name}/series",
                new Operation("metrics", "series", "A metric over each bucket of a window")
                        .parameter(name)
                        .parameter(window)
                        .answers(200, "The points, oldest first", Schemas.ref("Series"))
                        .problem(400, "The metric has no such window")
                        .problem(404, "There is no such metric"));
    }

    private static void history(Plan plan, Map<String, Object> paths) {
        List<String> kept =
                plan.metrics().stream()
                        .filter(metric -> !HistoryController.steps(metric, plan).isEmpty())
                        .map(MetricPlan::name)
                        .toList();
        if (kept.isEmpty() || !plan.history().enabled()) {
            return;
        }
        put(
                paths,
                "/api/v1/metrics/{name}/history",
                new Operation("metrics", "history", "A metric over the past")
                        .description(
                                "One point for each minute, hour or day of UTC, from what is kept in Mongo."
                                        + " A range is made of whole steps.")
                        .parameter(metric(kept))
                        .parameter(
                                Parameters.query(
                                        "from",
                                        "Its beginning; by default 24 steps before its end",
                                        Schemas.STRING))
                        .parameter(
                                Parameters.query("to", "Its end; by default now", Schemas.STRING))
                        .parameter(
                                Parameters.query(
                                        "step",
                                        "How long each point is; by default one that fits the range",
                                        Schemas.oneOf(List.of("minute", "hour", "day"))))
                        .parameter(
                                Parameters.query(
                                        "group",
                                        "Only this group; once for each field of a metric's groups, %18 for a field that is missing",
                                        Schemas.array(Schemas.STRING)))
                        .parameter(
                                limit("How many groups over the range, highest first", 1_000, 10))
                        .parameter(
                                Parameters.query(
                                        "format",
                                        "csv for one line each point, as does Accept: text/csv",
                                        Schemas.oneOf(List.of("json", "csv"))))
                        .answers(200, "The points, oldest first", Schemas.ref("History"))
                        .problem(400, "A parameter cannot be used")
                        .problem(404, "There is no such metric, or it has no history")
                        .problem(503, "Mongo does not answer now"));
    }

    private static void versions(Plan plan, Map<String, Object> paths) {
        List<String> tables = tables(plan, _ -> true);
        if (tables.isEmpty()) {
            return;
        }
        put(
                paths,
                "/api/v1/metrics/{name}/versions",
                new Operation("metrics", "versions", "All versions of a row, newest first")
                        .parameter(metric(tables))
                        .parameter(Parameters.query("key", "Which row", Schemas.STRING))
                        .parameter(limit("How many versions", 1_000, 100))
                        .parameter(offset("How many versions to leave out before them", 1_000_000))
                        .answers(200, "The versions", Schemas.ref("Versions"))
                        .problem(400, "A parameter cannot be used")
                        .problem(404, "There is no such metric, or it has no versions")
                        .problem(503, "Mongo does not answer"));
    }

    private static void rows(Plan plan, Map<String, Object> paths) {
        List<String> tables = tables(plan, _ -> true);
        if (tables.isEmpty()) {
            return;
        }
        put(
                paths,
                "/api/v1/metrics/{name}/rows",
                new Operation("metrics", "rows", "The newest event of each key")
                        .parameter(metric(tables))
                        .parameter(
                                Parameters.query(
                                        "value", "Only rows in this state", Schemas.STRING))
                        .parameter(
                                Parameters.query(
                                        "fence", "Only rows in this fence", Schemas.STRING))
                        .parameter(limit("How many rows, newest first", 1_000, 100))
                        .parameter(offset("How many rows to leave out before them", -1))
                        .answers(200, "The rows", Schemas.ref("Rows"))
                        .problem(400, "A parameter cannot be used")
                        .problem(404, "There is no such metric, or it has no rows"));
    }

    private static void cells(Plan plan, Map<String, Object> paths) {
        List<String> located = tables(plan, latest -> latest.cells() != null);
        if (located.isEmpty()) {
            return;
        }
        put(
                paths,
                "/api/v1/metrics/{name}/cells",
                new Operation("metrics", "cells", "How many rows are in each cell of the grid")
                        .parameter(metric(located))
                        .parameter(limit("How many cells, the fullest first", 1_000, 100))
                        .parameter(offset("How many cells to leave out before them", -1))
                        .answers(200, "The cells", Schemas.ref("Cells"))
                        .problem(400, "A parameter cannot be used")
                        .problem(404, "There is no such metric, or it has no cells"));
    }

    private static void stream(Map<String, Object> paths) {
        put(
                paths,
                "/api/v1/stream",
                new Operation("metrics", "stream", "All metrics, live")
                        .description(
                                "Server-sent events: a `snapshot`, then an `update` whenever something"
                                        + " changes, with only what changed. The data of both is a"
                                        + " LiveMessage. A client that comes back with the id of its last"
                                        + " message is sent the updates that it missed.")
                        .parameter(
                                Parameters.header(
                                        "Last-Event-ID", "The id of the last message received"))
                        .parameter(
                                Parameters.query(
                                        "lastEventId",
                                        "The same, where no header can be sent",
                                        Schemas.STRING))
                        .answers(200, "The events", "text/event-stream", Schemas.STRING)
                        .problem(503, NOTHING_FREE));
    }

    private static void socket(Map<String, Object> paths) {
        put(
                paths,
                "/api/v1/socket",
                new Operation("metrics", "socket", "All metrics, live, over WebSocket")
                        .description(
                                "A WebSocket that brings what `/api/v1/stream` brings: each text frame is"
                                        + " `{\"id\", \"event\", \"data\"}`. Nothing is taken from the client.")
                        .parameter(
                                Parameters.query(
                                        "lastEventId",
                                        "The id of the last message received",
                                        Schemas.STRING))
                        .answers(101, "The WebSocket is open", "application/json", Schemas.STRING));
    }

    private static void view(ViewPlan view, Map<String, Object> paths) {
        ViewSchema shape = new ViewSchema(view);
        String id = view.path().substring(1).replace('/', '-');
        put(
                paths,
                view.path(),
                ofView(new Operation("views", "view-" + id, "The view " + view.path()), shape)
                        .answers(200, "The answer", shape.schema()));
        if (view.stream() == null) {
            return;
        }
        put(
                paths,
                view.path() + "/stream",
                ofView(
                                new Operation(
                                        "views",
                                        "view-" + id + "-stream",
                                        "The view " + view.path() + ", live"),
                                shape)
                        .description(
                                "Server-sent events with the view's answer as data: at once, whenever it"
                                        + " changes, and at least every "
                                        + view.stream().toMillis()
                                        + " ms.")
                        .answers(200, "The events", "text/event-stream", Schemas.STRING)
                        .problem(503, NOTHING_FREE));
    }

    private static Operation ofView(Operation operation, ViewSchema shape) {
        return shape.parameters().isEmpty()
                ? operation
                : operation
                        .parameters(shape.parameters())
                        .problem(400, "A parameter is no number within its bounds");
    }
}
