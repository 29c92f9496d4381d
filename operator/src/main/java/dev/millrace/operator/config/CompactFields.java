package dev.millrace.operator.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;

import io.fabric8.kubernetes.api.model.FieldsV1;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads who owns which fields of an object into little memory. Server-side apply needs it of every
 * object that is watched, and read as any other JSON it takes half of the heap: each leaf is a map
 * of its own with nothing in it. Objects of a kind own the same fields, so most of what is read was
 * read before, and is the same map.
 */
final class CompactFields extends StdDeserializer<FieldsV1> {
    private static final long serialVersionUID = 1L;

    /** Kinds have a few dozens each; what somebody else makes up must not stay for ever. */
    private static final int MOST_SHARED = 10_000;

    /** Elements of lists that no other object has. */
    private static final String OF_ONE_OBJECT = "k:{\"uid\":";

    private final ConcurrentHashMap<Map<String, Object>, Map<String, Object>> shared =
            new ConcurrentHashMap<>();

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
    private Map<String, Object> read(JsonParser parser) throws IOException {
        if (!parser.isExpectedStartObjectToken()) {
            parser.skipChildren();
            return Map.of();
        }
        Map<String, Object> fields = new HashMap<>();
        boolean isShared = true;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            Map<String, Object> inner = read(parser);
            fields.put(name, inner);
            // also what is around it is this object's alone
            isShared &= !name.startsWith(OF_ONE_OBJECT) && (inner.isEmpty() || isShared(inner));
        }
        Map<String, Object> compact = Map.copyOf(fields);
        return isShared && !compact.isEmpty() ? share(compact) : compact;
    }

    private boolean isShared(Map<String, Object> fields) {
        return shared.get(fields) == fields;
    }

    private Map<String, Object> share(Map<String, Object> fields) {
        if (shared.size() >= MOST_SHARED) {
            shared.clear();
        }
        Map<String, Object> before = shared.putIfAbsent(fields, fields);
        return before == null ? fields : before;
    }
}
