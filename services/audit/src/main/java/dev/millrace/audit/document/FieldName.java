package dev.millrace.audit.document;

import java.util.HexFormat;

/**
 * How the names of an event's fields are stored. Any JSON name is stored; most as they are. Where
 * MongoDB, or the audit's own fields, would mind, single characters are percent-encoded, so that
 * the name can be had back:
 *
 * <table>
 * <caption>What is encoded</caption>
 * <tr><td>everywhere</td><td>{@code %}</td><td>{@code 5%} → {@code 5%25}</td></tr>
 * <tr><td></td><td>{@code .}</td><td>{@code a.b} → {@code a%2Eb}</td></tr>
 * <tr><td></td><td>NUL</td><td>{@code %00}</td></tr>
 * <tr><td></td><td>half of a surrogate pair</td><td>{@code %uD83D}</td></tr>
 * <tr><td></td><td>{@code $} in front</td><td>{@code $set} → {@code %24set}</td></tr>
 * <tr><td></td><td>the empty name</td><td>{@code %}</td></tr>
 * <tr><td>at the top</td><td>{@code _} in front</td><td>{@code _id} → {@code %5Fid}</td></tr>
 * <tr><td></td><td>{@code doc_type}</td><td>{@code doc%5Ftype}</td></tr>
 * </table>
 */
public final class FieldName {
    /** The field that says whether a document is a valid event: {@code success} or not. */
    public static final String DOC_TYPE = "doc_type";

    private static final String EMPTY = "%";
    private static final HexFormat UPPER_HEX = HexFormat.of().withUpperCase();

    private FieldName() {}

    /**
     * The name that a field is stored with.
     *
     * @param name as the event has it
     * @param top whether it is a field of the event itself rather than of an object in it
     */
    public static String encode(String name, boolean top) {
        if (name.isEmpty()) {
            return EMPTY;
        }
        if (top && name.equals(DOC_TYPE)) {
            return "doc%5Ftype";
        }
        char first = name.charAt(0);
        boolean mark = first == '$' || (top && first == '_');
        if (!mark && isPlain(name)) {
            return name;
        }
        StringBuilder stored = new StringBuilder(name.length() + 8);
        int at = 0;
        if (mark) {
            stored.append(first == '$' ? "%24" : "%5F");
            at = 1;
        }
        while (at < name.length()) {
            int c = name.codePointAt(at);
            at += Character.charCount(c);
            switch (c) {
                case '%' -> stored.append("%25");
                case '.' -> stored.append("%2E");
                case 0 -> stored.append("%00");
                default -> {
                    if (isHalf(c)) {
                        stored.append("%u").append(UPPER_HEX.toHexDigits((char) c));
                    } else {
                        stored.appendCodePoint(c);
                    }
                }
            }
        }
        return stored.toString();
    }

    /**
     * The name that a field was sent with. Of a text that {@link #encode} never makes, what cannot
     * be decoded stays as it is.
     */
    public static String decode(String stored) {
        if (stored.indexOf('%') < 0) {
            return stored;
        }
        if (stored.equals(EMPTY)) {
            return "";
        }
        StringBuilder name = new StringBuilder(stored.length());
        int at = 0;
        while (at < stored.length()) {
            char c = stored.charAt(at);
            boolean wide = c == '%' && stored.startsWith("u", at + 1);
            int from = at + (wide ? 2 : 1);
            int code = c == '%' ? hex(stored, from, wide ? 4 : 2) : -1;
            if (code < 0) {
                name.append(c);
                at++;
            } else {
                name.append((char) code);
                at = from + (wide ? 4 : 2);
            }
        }
        return name.toString();
    }

    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '%' || c == '.' || c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static int hex(String text, int from, int length) {
        if (from + length > text.length()) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + length; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }
}
