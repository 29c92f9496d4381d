package dev.millrace.pipeline.event;

/**
 * Whether the texts of a field come again so often that it pays to look for those that are known.
 * Where they do not, each search costs more than a new text. Tried anew now and then. For many
 * threads: what they overwrite of each other changes nothing but when it is tried.
 */
final class Repeats {
    private static final int TRIED = 2_000;
    private static final int LEFT_OUT = 50_000;

    private int tried;
    private int found;
    private int leftOut;

    /** Whether to look for the next text. */
    boolean pay() {
        if (leftOut <= 0) {
            return true;
        }
        leftOut--;
        return false;
    }

    /** Takes note of a search. */
    void note(boolean isFound) {
        if (isFound) {
            found++;
        }
        if (++tried >= TRIED) {
            leftOut = 2 * found < tried ? LEFT_OUT : 0;
            tried = 0;
            found = 0;
        }
    }
}
