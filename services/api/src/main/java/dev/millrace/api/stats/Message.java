package dev.millrace.api.stats;

import java.nio.charset.StandardCharsets;

/**
 * A message of the topic.
 *
 * @param key JSON, the same for the same number always
 * @param value JSON; {@code null}: there is no such number any more
 */
record Message(String key, String value) {
    /** A message that takes a number away. */
    static Message gone(String key) {
        return new Message(key, null);
    }

    byte[] keyBytes() {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    byte[] valueBytes() {
        return value == null ? null : value.getBytes(StandardCharsets.UTF_8);
    }
}
