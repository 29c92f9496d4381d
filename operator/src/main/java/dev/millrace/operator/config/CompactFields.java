package dev.millrace.operator.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;

import io.fabric8.kubernetes.api.model.FieldsV1;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads who owns which fields of an object into little memory. Server-side apply needs it of every
 * object that is watched, and read as any other JSON it takes half of the heap: each leaf is a map
 * of its own with nothing in it.
 */
final class CompactFields extends StdDeserializer<FieldsV1> {
    private static final long serialVersionUID = 1L;

    CompactFields() {
        super(FieldsV1.class);
    }

    @Override
    public FieldsV1 deserialize(JsonParser parser, DeserializationContext context)
            throws IOException {
        FieldsV1 fields = new FieldsV1();
        fields.setAdditionalProperties(read(parser));
        return fields;
    }

    /** The object that the parser is at; nothing else is said to stand there. */
    private static Map<String, Object> read(JsonParser parser) throws IOException {
        if (!parser.isExpectedStartObjectToken()) {
            parser.skipChildren();
            return Map.of();
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, read(parser));
        }
        return switch (fields.size()) {
            case 0 -> Map.of();
            case 1 -> Map.copyOf(fields);
            default -> fields;
        };
    }
}
