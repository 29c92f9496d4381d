package dev.millrace.audit.consume;

import java.util.OptionalLong;

/**
 * The highest event time before a committed offset, as the text that Kafka keeps with the offset:
 * {@code watermark=1795257600000}.
 */
final class Watermark {
    private static final String PREFIX = "watermark=";

    private Watermark() {}

    static String write(long millis) {
        return PREFIX + millis;
    }

    /** Empty for a text of somebody else. */
    static OptionalLong read(String metadata) {
        if (metadata == null || !metadata.startsWith(PREFIX)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(metadata.substring(PREFIX.length())));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
