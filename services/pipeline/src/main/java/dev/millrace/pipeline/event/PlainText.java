package dev.millrace.pipeline.event;

import java.nio.charset.StandardCharsets;

/**
 * A text of an event that is plain ASCII, as it stands among the event's bytes. It becomes a String
 * only when somebody asks for one: of texts that hardly ever come again, most go on as bytes.
 */
public final class PlainText implements TextCache.Text {
    private final byte[] bytes;
    private final int from;
    private final int to;

    PlainText(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** What holds the text, and more; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where it begins in {@link #bytes}. */
    public int from() {
        return from;
    }

    /** Where it ends in {@link #bytes}. */
    public int to() {
        return to;
    }

    @Override
    public int length() {
        return to - from;
    }

    /** The text as a String, a new one each time. */
    @Override
    public String toString() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
