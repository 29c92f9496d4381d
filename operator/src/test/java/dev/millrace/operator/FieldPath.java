package dev.millrace.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A place in a resource, as the API server tells it: {@code spec.streams[0].fields[at].type}.
 *
 * @param steps names, keys and indexes
 */
record FieldPath(List<String> steps) {
    private static final String ROOT = "<nil>";

    static FieldPath of(String text) {
        return new FieldPath(
                text.equals(ROOT)
                        ? List.of()
                        : Pattern.compile("[^.\\[\\]]+")
                                .matcher(text)
                                .results()
                                .map(MatchResult::group)
                                .toList());
    }

    FieldPath parent() {
        return new FieldPath(steps.subList(0, steps.size() - 1));
    }

    String last() {
        return steps.isEmpty() ? ROOT : steps.getLast();
    }

    /** Name of the setting: the last step that is no index and no key. */
    String setting(JsonNode schema) {
        String setting = "";
        JsonNode at = schema;
        for (String step : steps) {
            setting = at.path("properties").has(step) ? step : setting + " (each)";
            at = part(at, step);
        }
        return setting;
    }

    /** The schema of this place. */
    JsonNode in(JsonNode schema) {
        JsonNode at = schema;
        for (String step : steps) {
            at = part(at, step);
        }
        return at;
    }

    /** What a resource has in this place. */
    JsonNode valueIn(JsonNode resource) {
        JsonNode at = resource;
        for (String step : steps) {
            at = at.isArray() ? at.path(Integer.parseInt(step)) : at.path(step);
        }
        return at;
    }

    private static JsonNode part(JsonNode schema, String step) {
        if (schema.path("properties").has(step)) {
            return schema.get("properties").get(step);
        }
        if (schema.has("items")) {
            return schema.get("items");
        }
        return schema.has("additionalProperties")
                ? schema.get("additionalProperties")
                : MissingNode.getInstance();
    }
}
