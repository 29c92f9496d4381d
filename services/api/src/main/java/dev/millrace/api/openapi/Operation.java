package dev.millrace.api.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One operation as OpenAPI has it. */
final class Operation {
    private final Map<String, Object> operation = new LinkedHashMap<>();
    private final List<Map<String, Object>> parameters = new ArrayList<>();
    private final Map<String, Object> responses = new TreeMap<>();

    Operation(String tag, String id, String summary) {
        operation.put("tags", List.of(tag));
        operation.put("operationId", id);
        operation.put("summary", summary);
    }

    Operation description(String text) {
        operation.put("description", text);
        return this;
    }

    Operation parameter(Map<String, Object> parameter) {
        parameters.add(parameter);
        return this;
    }

    Operation parameters(List<Map<String, Object>> more) {
        parameters.addAll(more);
        return this;
    }

    Operation body(Map<String, Object> content) {
        operation.put("requestBody", Map.of("required", true, "content", content));
        return this;
    }

    Operation answers(int status, String description, Map<String, Object> schema) {
        return answers(status, description, "application/json", schema);
    }

    Operation answers(
            int status, String description, String mediaType, Map<String, Object> schema) {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("description", description);
        response.put("content", Map.of(mediaType, Map.of("schema", schema)));
        responses.put(String.valueOf(status), response);
        return this;
    }

    Operation problem(int status, String description) {
        return answers(status, description, "application/problem+json", Schemas.ref("Problem"));
    }

    Map<String, Object> build() {
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        operation.put("responses", responses);
        return operation;
    }
}
