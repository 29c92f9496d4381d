package dev.millrace.producer.collect;

import org.springframework.http.HttpStatus;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** Walks over the JSON of a body and tells where its values lie. */
final class Json {
    /**
     * Deeper than any event may be, and still without cost: what is below becomes a dead letter.
     */
    private static final int DEPTH = 1_000;

    // Without charset detection a body is UTF-8 or no JSON, so bytes can be counted.
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private Json() {}

    /** Something that reads a body's tokens. */
    interface Reading {
        void read(JsonParser parser);
    }

    /**
     * Reads a body of exactly one JSON value.
     *
     * @param hint ends the error's sentence: what to do when it is no JSON
     * @throws RefusedException 400 with the byte where it stops being JSON
     */
    static void read(byte[] body, int start, String hint, Reading reading) {
        try (JsonParser parser =
                FACTORY.createParser(ObjectReadContext.empty(), body, start, body.length - start)) {
            parser.nextToken();
            reading.read(parser);
            if (parser.nextToken() != null) {
                throw RefusedException.of(
                        HttpStatus.BAD_REQUEST,
                        "The body holds more than one JSON value: another begins at byte "
                                + (start + start(parser))
                                + ". Nothing was written; "
                                + hint
                                + ".");
            }
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
            throw RefusedException.of(
                    HttpStatus.BAD_REQUEST,
                    "The body is not JSON from byte "
                            + (start + Math.max(0, at))
                            + " on: "
                            + e.getOriginalMessage().lines().findFirst().orElse("syntax error")
                            + ". Nothing was written; "
                            + hint
                            + ".");
        }
    }

    /** Where the current value begins, in bytes from where the parser began. */
    static int start(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** Moves to the end of the current value, and tells where that is. */
    static int end(JsonParser parser) {
        if (parser.currentToken().isStructStart()) {
            parser.skipChildren();
        } else {
            parser.finishToken();
        }
        return (int) parser.currentLocation().getByteOffset();
    }

    /** Whether the current token begins an array. */
    static boolean isArray(JsonParser parser) {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }
}
