package dev.millrace.api.json;

import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of all answers: numbers are written as plain decimals, whatever else runs in this JVM.
 */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

    private Json() {}

    /** UTF-8 without line ends, of maps, lists, strings, numbers, booleans and nulls. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }
}
