package dev.millrace.local.send;

import java.io.PrintStream;
import java.util.Locale;

/** Shows how far the sending has come: a bar that is drawn anew, where that can be seen. */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 40;
    private static final long REDRAW_NANOS = 100_000_000;
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final long size;
    private long drawn = System.nanoTime() - REDRAW_NANOS;

    /**
     * Progress towards a number of bytes.
     *
     * @param terminal whether {@code out} is one; else there is no bar
     * @param size 0 or less where it is not known
     */
    Progress(PrintStream out, boolean terminal, long size) {
        this.out = out;
        this.terminal = terminal;
        this.size = size;
    }

    /** Shows how much is done, at most ten times a second. */
    void show(long bytes, long events) {
        long now = System.nanoTime();
        if (terminal && now - drawn >= REDRAW_NANOS) {
            drawn = now;
            out.print("\r" + text(bytes, events));
            out.flush();
        }
    }

    private String text(long bytes, long events) {
        if (size <= 0) {
            return String.format(Locale.ROOT, "%,d events", events);
        }
        double part = Math.min(1, (double) bytes / size);
        int filled = (int) (WIDTH * part);
        return String.format(
                Locale.ROOT,
                "[%s%s] %3d %%  %,d events",
                "#".repeat(filled),
                "-".repeat(WIDTH - filled),
                (int) (100 * part),
                events);
    }

    /** Says a line, on a terminal in place of the bar. */
    void say(String line) {
        erase();
        out.println(line);
        out.flush();
    }

    private void erase() {
        if (terminal) {
            out.print(ERASE);
        }
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        erase();
        out.flush();
    }
}
