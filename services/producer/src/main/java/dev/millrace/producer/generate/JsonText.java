package dev.millrace.producer.generate;

import dev.millrace.pipeline.resource.FieldType;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;

/** JSON of values that a manifest writes as text. */
final class JsonText {
    private static final JsonMapper JSON = JsonMapper.shared();

    private JsonText() {}

    /** A text as a JSON string. */
    static byte[] string(String text) {
        return JSON.writeValueAsString(text).getBytes(StandardCharsets.UTF_8);
    }

    /** A text as a value of a type where it is one, else as a JSON string. */
    static byte[] value(FieldType type, String text) {
        return isLiteral(type, text) ? text.getBytes(StandardCharsets.UTF_8) : string(text);
    }

    private static boolean isLiteral(FieldType type, String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return switch (type) {
                case integer -> node.isIntegralNumber();
                case number -> node.isNumber();
                case bool -> node.isBoolean();
                case object -> node.isObject();
                case array -> node.isArray();
                case string, timestamp -> false;
            };
        } catch (JacksonException e) {
            return false;
        }
    }
}
