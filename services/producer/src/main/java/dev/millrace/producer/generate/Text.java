package dev.millrace.producer.generate;

import java.nio.charset.StandardCharsets;

/** A text as it is written in an event, and as it is in a record's key. */
record Text(byte[] json, byte[] plain) {
    static Text of(String text) {
        return new Text(JsonText.string(text), text.getBytes(StandardCharsets.UTF_8));
    }
}
