package dev.millrace.connect;

/** Why a connector failed, in one line, from the trace that Kafka Connect keeps of it. */
final class Cause {
    private static final int LINES = 4;

    private Cause() {}

    /** The last cause of a trace: connectors wrap what the database says. */
    static String of(String trace) {
        String all = trace == null ? "" : trace;
        String cause =
                all.lines()
                        .filter(line -> line.startsWith("Caused by: "))
                        .reduce((_, later) -> later)
                        .map(line -> line.substring("Caused by: ".length()))
                        .orElse(all);
        String line =
                line(cause.lines().findFirst().orElse(""))
                        .replaceFirst("^[a-zA-Z0-9_.$]+(Exception|Error): ", "");
        return line.isEmpty() ? "It does not say why" : line;
    }

    /** A text of several lines as one. */
    static String line(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(LINES)
                .reduce((one, other) -> one + " " + other)
                .orElse("");
    }
}
