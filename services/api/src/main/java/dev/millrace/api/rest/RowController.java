package dev.millrace.api.rest;

import dev.millrace.api.json.Answer;
import dev.millrace.api.json.Shapes;
import dev.millrace.api.place.HexGrid;
import dev.millrace.api.problem.ApiProblem;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.RowTable;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshots;
import dev.millrace.pipeline.plan.LatestPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The rows of latest, and the cells that they are in. */
@RestController
public final class RowController {
    private static final IntegerParameter LIMIT = new IntegerParameter("limit", 1, 1_000, 100);
    private static final IntegerParameter OFFSET =
            new IntegerParameter("offset", 0, Long.MAX_VALUE, 0);

    private final Plan plan;
    private final Snapshots snapshots;
    private final Map<Integer, HexGrid> grids = new HashMap<>();

    /** A controller of one plan's rows. */
    public RowController(Plan plan, Snapshots snapshots) {
        this.plan = plan;
        this.snapshots = snapshots;
        plan.measures()
                .map(MeasurePlan::latest)
                .filter(Objects::nonNull)
                .map(LatestPlan::cells)
                .filter(Objects::nonNull)
                .forEach(resolution -> grids.computeIfAbsent(resolution, HexGrid::of));
    }

    /** The rows of latest, those of the newest events first. */
    @GetMapping("/api/v1/metrics/{name}/rows")
    public ResponseEntity<byte[]> rows(
            @PathVariable("name") String name,
            @RequestParam(name = "value", required = false) String value,
            @RequestParam(name = "fence", required = false) String fence,
            @RequestParam(name = "limit", required = false) String limit,
            @RequestParam(name = "offset", required = false) String offset) {
        Snapshot snapshot = snapshots.newest();
        MeasurePlan metric = metric(name);
        int most = (int) LIMIT.parse(limit);
        long skipped = OFFSET.parse(offset);
        RowTable.Choice choice = new RowTable.Choice(value, fence(metric, fence));
        RowTable rows = table(snapshot, metric);
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("metric", name);
        shape.put("now", Shapes.time(snapshot.now()));
        shape.put("totalRows", rows.size(choice));
        shape.put("limit", rows.limit());
        shape.put("dropped", rows.dropped());
        shape.put(
                "rows",
                rows.page(choice, skipped, most).stream()
                        .map(entry -> Shapes.row(entry, metric.latest()))
                        .toList());
        Shapes.putDegraded(shape, snapshot.condition());
        return Answer.live(shape);
    }

    /** How many rows are in each cell of the grid, the fullest first. */
    @GetMapping("/api/v1/metrics/{name}/cells")
    public ResponseEntity<byte[]> cells(
            @PathVariable("name") String name,
            @RequestParam(name = "limit", required = false) String limit,
            @RequestParam(name = "offset", required = false) String offset) {
        Snapshot snapshot = snapshots.newest();
        MeasurePlan metric = metric(name);
        Integer resolution = metric.latest().cells();
        if (resolution == null) {
            throw ApiProblem.noCells(name, plan);
        }
        int most = (int) LIMIT.parse(limit);
        long skipped = OFFSET.parse(offset);
        RowTable rows = table(snapshot, metric);
        HexGrid grid = grids.get(resolution);
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("metric", name);
        shape.put("now", Shapes.time(snapshot.now()));
        shape.put("grid", "h3/" + resolution);
        shape.put("totalRows", rows.size());
        shape.put("located", rows.located());
        shape.put("totalCells", rows.cells().size());
        shape.put(
                "cells",
                rows.cells().page(skipped, most).stream().map(cell -> cell(cell, grid)).toList());
        Shapes.putDegraded(shape, snapshot.condition());
        return Answer.live(shape);
    }

    private static Map<String, Object> cell(Group cell, HexGrid grid) {
        HexGrid.Center center = grid.center(cell.key());
        Map<String, Object> position = new LinkedHashMap<>();
        position.put("lon", center.longitude());
        position.put("lat", center.latitude());
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("cell", cell.key());
        shape.put("value", cell.value());
        shape.put("center", position);
        return shape;
    }

    private MeasurePlan metric(String name) {
        MetricPlan metric =
                plan.metric(name).orElseThrow(() -> ApiProblem.unknownMetric(name, plan));
        if (metric instanceof MeasurePlan measure && measure.latest() != null) {
            return measure;
        }
        throw ApiProblem.noRows(name, plan);
    }

    private static int fence(MeasurePlan metric, String name) {
        if (name == null) {
            return -1;
        }
        LatestPlan latest = metric.latest();
        for (int i = 0; i < latest.fences().size(); i++) {
            if (latest.fences().get(i).name().equals(name)) {
                return i;
            }
        }
        throw ApiProblem.unknownFence(name, metric);
    }

    private static RowTable table(Snapshot snapshot, MeasurePlan metric) {
        return snapshot.view(metric.name(), metric.windows().getFirst()).orElseThrow().detail()
                        instanceof RowTable table
                ? table
                : new RowTable(List.of(), metric.latest(), 0);
    }
}
