package dev.millrace.producer.collect;

import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * CloudEvents 1.0 in JSON: the event is what {@code data} holds, byte for byte, or what {@code
 * data_base64} stands for.
 */
final class CloudEvents {
    private static final String HINT = "send CloudEvents 1.0 in JSON";

    private CloudEvents() {}

    /**
     * Adds the event of an envelope, or of each in an array.
     *
     * @throws RefusedException 400 where an envelope is not as the specification says
     */
    static void split(byte[] body, int offset, boolean batch, RawEvents events) {
        Json.read(
                body,
                offset,
                HINT,
                parser -> {
                    if (!batch) {
                        split(parser, offset, events);
                        return;
                    }
                    if (parser.currentToken() != JsonToken.START_ARRAY) {
                        throw refused("The body is not an array of CloudEvents");
                    }
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        split(parser, offset, events);
                    }
                });
    }

    /** Checks the envelope of an event whose data is the body, from the request's headers. */
    static void check(String version, String id, String source, String type) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("specversion", version);
        attributes.put("id", id);
        attributes.put("source", source);
        attributes.put("type", type);
        check(attributes, "The CloudEvent in the headers (ce-specversion, ce-id, ...)");
    }

    private static void split(JsonParser parser, int offset, RawEvents events) {
        String which = "CloudEvent " + events.count() + " (counted from 0)";
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw refused(which + " is not a JSON object");
        }
        Map<String, String> attributes = new HashMap<>();
        int from = -1;
        int to = -1;
        String text = null;
        String base64 = null;
        String name;
        while ((name = parser.nextName()) != null) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "data" -> {
                    from = Json.start(parser);
                    text = token == JsonToken.VALUE_STRING ? parser.getString() : null;
                    to = token == JsonToken.VALUE_NULL ? from : Json.end(parser);
                }
                case "data_base64" -> base64 = string(parser, token);
                default -> {
                    String value = string(parser, token);
                    if (value != null) {
                        attributes.put(name, value);
                    }
                }
            }
        }
        check(attributes, which);
        if (base64 != null) {
            events.add(decode(base64, which));
        } else if (to <= from) {
            throw refused(which + " has neither data nor data_base64: there is no event in it");
        } else if (text != null && !isJson(attributes.get("datacontenttype"))) {
            events.add(text.getBytes(StandardCharsets.UTF_8));
        } else {
            events.add(offset + from, offset + to);
        }
    }

    private static String string(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        parser.skipChildren();
        return null;
    }

    private static void check(Map<String, String> attributes, String which) {
        String version = attributes.get("specversion");
        if (!"1.0".equals(version)) {
            throw refused(which + " has specversion " + version + ", supported is 1.0");
        }
        for (String required : new String[] {"id", "source", "type"}) {
            String value = attributes.get(required);
            if (value == null || value.isEmpty()) {
                throw refused(which + " has no " + required + ", which CloudEvents 1.0 requires");
            }
        }
    }

    private static byte[] decode(String base64, String which) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw refused(which + " has data_base64 that is no Base64: " + e.getMessage());
        }
    }

    /** Data is JSON where nothing else is said. */
    private static boolean isJson(String contentType) {
        if (contentType == null) {
            return true;
        }
        try {
            String subtype = MediaType.parseMediaType(contentType).getSubtype();
            return subtype.equals("json") || subtype.endsWith("+json");
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    private static RefusedException refused(String problem) {
        return RefusedException.of(
                HttpStatus.BAD_REQUEST, problem + ". Nothing was written; " + HINT + ".");
    }
}
