package dev.millrace.api.openapi;

import java.util.LinkedHashMap;
import java.util.Map;

/** Parameters as OpenAPI has them. */
final class Parameters {
    private Parameters() {}

    static Map<String, Object> query(String name, String description, Map<String, Object> schema) {
        return parameter(name, "query", description, schema);
    }

    static Map<String, Object> header(String name, String description) {
        return parameter(name, "header", description, Schemas.STRING);
    }

    static Map<String, Object> path(String name, String description, Map<String, Object> schema) {
        Map<String, Object> parameter = parameter(name, "path", description, schema);
        parameter.put("required", true);
        return parameter;
    }

    private static Map<String, Object> parameter(
            String name, String in, String description, Map<String, Object> schema) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("description", description);
        parameter.put("schema", schema);
        return parameter;
    }

    /**
     * A whole number.
     *
     * @param most negative: any
     */
    static Map<String, Object> integer(long least, long most, long fallback) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "integer");
        schema.put("minimum", least);
        if (most >= 0) {
            schema.put("maximum", most);
        }
        schema.put("default", fallback);
        return schema;
    }
}
