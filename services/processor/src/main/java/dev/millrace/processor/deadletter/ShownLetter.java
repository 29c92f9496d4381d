package dev.millrace.processor.deadletter;

import dev.millrace.pipeline.deadletter.LetterHeaders;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A dead letter as it is shown to people: JSON with the beginning of the event's text. */
public final class ShownLetter {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Bytes of the event that are shown. */
    private static final int SHOWN = 2_048;

    private ShownLetter() {}

    /**
     * A letter's text.
     *
     * @param readable the event in a form that people can read; may be null
     */
    public static String of(LetterHeaders letter, byte[] readable) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("stream", letter.stream());
        shown.put("topic", letter.topic());
        shown.put("partition", letter.partition());
        shown.put("offset", letter.offset());
        if (letter.element() >= 0) {
            shown.put("element", letter.element());
        }
        shown.put("at", letter.at().toString());
        shown.put("reason", letter.reason());
        shown.put("cause", letter.cause().name());
        shown.put("event", readable == null ? null : beginning(readable));
        return JSON.writeValueAsString(shown);
    }

    private static String beginning(byte[] bytes) {
        return new String(bytes, 0, Math.min(bytes.length, SHOWN), StandardCharsets.UTF_8);
    }
}
