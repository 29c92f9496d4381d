package dev.millrace.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One rule of a CRD's schema. What several places have in common, such as the settings of each
 * workload, is one rule: two rules differ in what they ask for, not in where.
 *
 * @param setting name of the setting that the rule is about
 * @param kind its keyword in the schema
 * @param text what it asks for
 * @param schema the schema that it is part of, without description
 */
record CrdRule(String setting, String kind, String text, JsonNode schema) {
    private static final List<String> KEYWORDS =
            List.of(
                    "pattern",
                    "enum",
                    "minimum",
                    "maximum",
                    "minItems",
                    "maxItems",
                    "minLength",
                    "maxLength",
                    "minProperties",
                    "maxProperties",
                    "x-kubernetes-list-map-keys");

    /** The rules of a schema itself, without those of its parts. */
    static List<CrdRule> of(String setting, JsonNode schema) {
        JsonNode bare = schema.deepCopy();
        ((ObjectNode) bare).remove("description");
        List<CrdRule> rules = new ArrayList<>();
        for (String keyword : KEYWORDS) {
            if (schema.has(keyword)) {
                rules.add(new CrdRule(setting, keyword, schema.get(keyword).toString(), bare));
            }
        }
        schema.path("required")
                .forEach(name -> rules.add(new CrdRule(setting, "required", name.asText(), bare)));
        schema.path("x-kubernetes-validations")
                .forEach(
                        rule ->
                                rules.add(
                                        new CrdRule(
                                                setting,
                                                "x-kubernetes-validations",
                                                rule.get("message").asText(),
                                                bare)));
        return rules;
    }

    /** Passes a schema with its name, and those of all its parts. */
    static void walk(String setting, JsonNode schema, BiConsumer<String, JsonNode> visitor) {
        visitor.accept(setting, schema);
        schema.path("properties")
                .properties()
                .forEach(property -> walk(property.getKey(), property.getValue(), visitor));
        for (String parts : List.of("items", "additionalProperties")) {
            if (schema.has(parts)) {
                walk(setting + " (each)", schema.get(parts), visitor);
            }
        }
    }

    /** Whether the API server means this rule when it says this. */
    boolean isMeantBy(String message) {
        return switch (kind) {
            case "pattern" -> message.contains("should match");
            case "enum" -> message.startsWith("Unsupported value");
            case "minimum" -> message.contains("should be greater than or equal to");
            case "maximum" -> message.contains("should be less than or equal to");
            case "minItems" -> message.contains("should have at least");
            case "maxItems" -> message.contains("must have at most");
            case "minLength" -> message.contains("should be at least");
            case "required" -> message.startsWith("Required value");
            case "x-kubernetes-list-map-keys" -> message.startsWith("Duplicate value");
            case "x-kubernetes-validations" -> message.endsWith(text);
            default -> throw new AssertionError("how is a refusal by " + kind + " told?");
        };
    }

    @Override
    public String toString() {
        return setting + ": " + kind + " " + text;
    }
}
