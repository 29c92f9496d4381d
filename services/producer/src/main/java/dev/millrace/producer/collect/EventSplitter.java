package dev.millrace.producer.collect;

import org.springframework.http.HttpStatus;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds the events in a body. Every event keeps its bytes as they were received: a line without its
 * end, an element of an array as it is written there.
 *
 * @param most most events in a body
 */
record EventSplitter(int most) {
    private static final String LINES_HINT =
            "to send one event in each line, use Content-Type: application/x-ndjson";

    /**
     * The events in a body.
     *
     * @throws RefusedException 400 where it cannot be split, 413 where an event is too large or
     *     there are too many
     */
    RawEvents split(byte[] body, BodyFormat format) {
        RawEvents events = new RawEvents(body, most);
        int start = afterByteOrderMark(body);
        switch (format) {
            case json -> splitJson(body, start, events);
            case lines -> splitLines(body, events);
            case detect -> {
                if (firstByte(body, start) == '[') {
                    splitJson(body, start, events);
                } else {
                    splitLines(body, events);
                }
            }
            case cloudEvent, cloudEvents ->
                    CloudEvents.split(body, start, format == BodyFormat.cloudEvents, events);
            case cloudEventData -> events.add(0, body.length);
        }
        return events;
    }

    private static void splitJson(byte[] body, int start, RawEvents events) {
        Json.read(
                body,
                start,
                LINES_HINT,
                parser -> {
                    if (parser.currentToken() == null) {
                        throw RefusedException.of(
                                HttpStatus.BAD_REQUEST,
                                "The body is blank; send one JSON event or an array of events.");
                    } else if (!Json.isArray(parser)) {
                        add(parser, start, events);
                        return;
                    }
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        add(parser, start, events);
                    }
                });
    }

    private static void add(JsonParser parser, int offset, RawEvents events) {
        int from = Json.start(parser);
        events.add(offset + from, offset + Json.end(parser));
    }

    private static void splitLines(byte[] body, RawEvents events) {
        int start = 0;
        while (start < body.length) {
            int end = start;
            boolean blank = true;
            while (end < body.length && body[end] != '\n') {
                blank &= isBlank(body[end++]);
            }
            if (!blank) {
                events.add(start, body[end - 1] == '\r' ? end - 1 : end);
            }
            start = end + 1;
        }
    }

    private static byte firstByte(byte[] body, int start) {
        int i = start;
        while (i < body.length - 1 && (isBlank(body[i]) || body[i] == '\n')) {
            i++;
        }
        return i < body.length ? body[i] : 0;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    private static int afterByteOrderMark(byte[] body) {
        boolean mark =
                body.length >= 3
                        && body[0] == (byte) 0xEF
                        && body[1] == (byte) 0xBB
                        && body[2] == (byte) 0xBF;
        return mark ? 3 : 0;
    }
}
