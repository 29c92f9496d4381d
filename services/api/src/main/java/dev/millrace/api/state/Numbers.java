package dev.millrace.api.state;

/** Numbers as Redis holds them. */
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
}
