package dev.millrace.processor.state;

/**
 * How far a partition has been counted.
 *
 * @param offset the next offset to count
 * @param watermark the highest event time before it, in milliseconds since 1970; 0 where there is
 *     none
 */
public record Position(long offset, long watermark) {
    /** As it is stored: {@code OFFSET:WATERMARK}. */
    String text() {
        return offset + ":" + watermark;
    }

    /** What a stored text means. */
    static Position parse(String text) {
        int colon = text.indexOf(':');
        return new Position(
                Long.parseLong(text, 0, colon, 10),
                Long.parseLong(text, colon + 1, text.length(), 10));
    }
}
