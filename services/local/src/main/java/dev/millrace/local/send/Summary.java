package dev.millrace.local.send;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What became of the events that were sent. */
final class Summary {
    private static final int SHOWN = 3;

    private final List<String> problems = new ArrayList<>();
    private final long from = System.nanoTime();
    private long accepted;
    private long invalid;
    private long tooLarge;

    void accepted(long events, long notValid) {
        accepted += events;
        invalid += notValid;
    }

    void tooLarge(long line, long bytes) {
        tooLarge++;
        problem(
                "line "
                        + line
                        + ": "
                        + bytes
                        + " bytes is more than an event may have; it was left out");
    }

    void problem(String text) {
        if (problems.size() < SHOWN) {
            problems.add(text);
        }
    }

    long accepted() {
        return accepted;
    }

    String text(URI target) {
        double seconds = (System.nanoTime() - from) / 1e9;
        StringBuilder text =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "Sent %,d %s to %s in %.1f s (%,.0f a second)",
                                accepted,
                                accepted == 1 ? "event" : "events",
                                target,
                                seconds,
                                accepted / Math.max(seconds, 0.001)));
        if (accepted > 0) {
            text.append(
                    invalid == 0
                            ? "; all are valid"
                            : String.format(
                                    Locale.ROOT,
                                    "; %,d of them not valid: they go to the dead letters",
                                    invalid));
        }
        if (tooLarge > 0) {
            text.append(String.format(Locale.ROOT, "; %,d too large, and not sent", tooLarge));
        }
        problems.forEach(
                problem -> text.append(System.lineSeparator()).append("  ").append(problem));
        return text.toString();
    }
}
