package dev.millrace.api.rest;

import dev.millrace.api.json.Answer;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.PanelPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.plan.Window;
import dev.millrace.pipeline.resource.FieldType;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the pipeline is: what does not change until it is declared anew. */
@RestController
public final class PipelineController {
    private final Map<String, Object> description = new LinkedHashMap<>();

    /** A controller of one plan. */
    public PipelineController(Plan plan) {
        description.put("name", plan.name());
        description.put("title", plan.title());
        description.put("live", plan.live().name());
        description.put("through", plan.through().name());
        description.put("clock", plan.clock().name());
        description.put(
                "streams", plan.streams().stream().map(PipelineController::stream).toList());
        description.put("panels", plan.panels().stream().map(panel -> panel(panel, plan)).toList());
    }

    /** Streams and panels. */
    @GetMapping("/api/v1/pipeline")
    public ResponseEntity<byte[]> pipeline() {
        return Answer.lasting(description);
    }

    private static Map<String, Object> stream(StreamPlan stream) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", stream.name());
        shape.put("topic", stream.topic().name());
        shape.put("source", stream.isSource());
        shape.put(
                "fields",
                stream.schema().fields().stream().map(PipelineController::field).toList());
        return shape;
    }

    private static Map<String, Object> field(FieldPlan field) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", field.name());
        shape.put("type", type(field.type()));
        shape.put("required", field.required());
        if (!field.allowed().isEmpty()) {
            shape.put("enum", field.allowed());
        }
        return shape;
    }

    private static String type(FieldType type) {
        if (type == null) {
            return null;
        }
        return type == FieldType.bool ? "boolean" : type.name();
    }

    private static Map<String, Object> panel(PanelPlan panel, Plan plan) {
        MetricPlan metric = plan.metric(panel.metric()).orElseThrow();
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("metric", panel.metric());
        shape.put("title", panel.title());
        shape.put("kind", kind(metric));
        shape.put("window", panel.window().text());
        shape.put("windows", metric.windows().stream().map(Window::text).toList());
        return shape;
    }

    private static String kind(MetricPlan metric) {
        if (!(metric instanceof MeasurePlan measure)) {
            return "number";
        }
        return switch (measure.measure()) {
            case percentiles -> "percentiles";
            case latest -> "rows";
            default -> measure.isGrouped() ? "ranking" : "number";
        };
    }
}
