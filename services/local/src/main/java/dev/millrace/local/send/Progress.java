package dev.millrace.local.send;

import java.util.Locale;

/**
 * Shows how far the sending has come: a bar on a terminal, nothing where standard error is none.
 */
final class Progress {
    private static final int WIDTH = 40;
    private static final long REDRAW_NANOS = 100_000_000;

    private final long size;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private long drawn;

    /** Progress towards a number of bytes; -1 where it is not known. */
    Progress(long size) {
        this.size = size;
    }

    void show(long bytes, long events) {
        long now = System.nanoTime();
        if (!terminal || now - drawn < REDRAW_NANOS) {
            return;
        }
        drawn = now;
        draw(bytes, events);
    }

    private void draw(long bytes, long events) {
        if (size <= 0) {
            System.err.print("\r%,d events".formatted(events));
        } else {
            int filled = (int) Math.min(WIDTH, WIDTH * bytes / size);
            System.err.printf(
                    Locale.ROOT,
                    "\r[%s%s] %3d %%  %,d events",
                    "#".repeat(filled),
                    "-".repeat(WIDTH - filled),
                    Math.min(100, 100 * bytes / size),
                    events);
        }
        System.err.flush();
    }

    void end() {
        if (terminal) {
            System.err.print("\r\u001b[K");
            System.err.flush();
        }
    }
}
