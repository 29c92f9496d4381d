package dev.millrace.audit.document;

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
        for (; at < name.length(); at++) {
            char c = name.charAt(at);
            switch (c) {
                case '%' -> stored.append("%25");
                case '.' -> stored.append("%2E");
                case 0 -> stored.append("%00");
                default -> stored.append(c);
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
            int code = c == '%' ? hex(stored, at + 1) : -1;
            name.append(code < 0 ? c : (char) code);
            at += code < 0 ? 1 : 3;
        }
        return name.toString();
    }

    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '%' || c == '.' || c == 0) {
                return false;
            }
        }
        return true;
    }

    /** The number that two hexadecimal digits make; negative where there are none. */
    private static int hex(String text, int from) {
        if (from + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(from), 16);
        int low = Character.digit(text.charAt(from + 1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
