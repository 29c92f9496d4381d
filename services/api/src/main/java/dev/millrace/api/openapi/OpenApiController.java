package dev.millrace.api.openapi;

import dev.millrace.api.json.Answer;
import dev.millrace.pipeline.plan.Plan;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import java.util.LinkedHashMap;
import java.util.Map;

/** Describes everything that can be asked of the pipeline, in OpenAPI 3.1. */
@RestController
public final class OpenApiController {
    private final Map<String, Object> document = new LinkedHashMap<>();

    /** The description of one plan. */
    public OpenApiController(Plan plan) {
        Map<String, Object> paths = new LinkedHashMap<>();
        Map<String, Object> schemas = new LinkedHashMap<>();
        ApiPaths.add(plan, paths);
        CollectorPaths.add(plan, paths, schemas);
        ApiSchemas.add(schemas);
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title",
                        plan.title(),
                        "version",
                        "1",
                        "description",
                        "The live analytics pipeline " + plan.name() + "."));
        document.put("paths", paths);
        document.put("components", Map.of("schemas", schemas));
    }

    /** The document. */
    @GetMapping("/openapi.json")
    public ResponseEntity<byte[]> document() {
        return Answer.lasting(document);
    }
}
