package dev.millrace.pipeline.event;

/**
 * A text of events that the decoder has met before, the same object for the same text mostly: who
 * keeps something for texts may look for it by {@link #number}, without hashing or comparing texts.
 */
public final class KnownText implements TextCache.Text {
    /** Numbers are below it, but for a few more where threads number at once. */
    public static final int NUMBERS = TextCache.SIZE;

    private final String text;
    private final int number;

    /** Here too: asking the String would read what no cache of the processor holds. */
    private final int length;

    /** The first bytes, zeros behind the end: no text of this kind holds a zero. */
    private final long first;

    private final long second;
    private final long third;
    private final long fourth;

    /** The bytes behind those. */
    private final byte[] rest;

    KnownText(
            String text,
            int number,
            long first,
            long second,
            long third,
            long fourth,
            byte[] rest) {
        this.text = text;
        this.number = number;
        this.length = text.length();
        this.first = first;
        this.second = second;
        this.third = third;
        this.fourth = fourth;
        this.rest = rest;
    }

    /**
     * A small number that hardly any other known text has at the same time. It may pass on to
     * another text, and the same text come again with another number: only the object tells which
     * text it is.
     */
    public int number() {
        return number;
    }

    @Override
    public int length() {
        return length;
    }

    /** The text, the same String each time. */
    @Override
    public String toString() {
        return text;
    }

    /** Whether it is a text of fewer than 16 bytes. */
    boolean isShort(long oneWord, long nextWord, int bytes) {
        return first == oneWord && second == nextWord && length == bytes;
    }

    /** Whether it is the text between two places of an event. */
    boolean is(
            long oneWord,
            long nextWord,
            long thirdWord,
            long fourthWord,
            byte[] bytes,
            int from,
            int end) {
        return first == oneWord
                && second == nextWord
                && third == thirdWord
                && fourth == fourthWord
                && length == end - from
                && (rest.length == 0 || Words.areAt(rest, bytes, from + 4 * Long.BYTES, end));
    }
}
