package dev.millrace.producer.collect;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

import java.util.Set;

/** How the events lie in the body of a request. */
enum BodyFormat {
    /** One JSON value, or an array of them. */
    json,
    /** One event in each line. */
    lines,
    /** An array where the first byte begins one, lines otherwise. */
    detect,
    /** One CloudEvent with its envelope. */
    cloudEvent,
    /** An array of CloudEvents with their envelopes. */
    cloudEvents,
    /** One CloudEvent whose envelope is in the headers: the body is the event. */
    cloudEventData;

    private static final Set<String> LINES =
            Set.of("x-ndjson", "ndjson", "jsonl", "x-jsonl", "jsonlines", "x-jsonlines");

    /**
     * The format that a request declares.
     *
     * @throws RefusedException 415 for CloudEvents in other formats than JSON
     */
    static BodyFormat of(HttpServletRequest request) {
        MediaType type = mediaType(request.getContentType());
        String subtype = type.getSubtype();
        if (subtype.startsWith("cloudevents")) {
            return switch (subtype) {
                case "cloudevents+json" -> cloudEvent;
                case "cloudevents-batch+json" -> cloudEvents;
                default ->
                        throw RefusedException.of(
                                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                                "Content-Type "
                                        + type.getType()
                                        + '/'
                                        + subtype
                                        + " is not supported; use application/cloudevents+json or"
                                        + " application/cloudevents-batch+json.");
            };
        }
        if (request.getHeader("ce-specversion") != null) {
            return cloudEventData;
        }
        if (subtype.equals("json") || subtype.endsWith("+json")) {
            return json;
        }
        return LINES.contains(subtype) ? lines : detect;
    }

    private static MediaType mediaType(String text) {
        try {
            return text == null || text.isBlank()
                    ? MediaType.APPLICATION_OCTET_STREAM
                    : MediaType.parseMediaType(text);
        } catch (InvalidMediaTypeException e) {
            return MediaType.APPLICATION_OCTET_STREAM;
        }
    }
}
