package dev.millrace.api.state;

/** Numbers as Redis holds them: 64-bit integers. */
final class Numbers {
    private Numbers() {}

    /** A 64-bit integer; 0 for anything else. */
    static long parse(String text) {
        if (text == null) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** The greater or the lesser of two. */
    static long better(long one, long other, boolean greatest) {
        return greatest ? Math.max(one, other) : Math.min(one, other);
    }
}
