package dev.millrace.connect;

/** Why a connector failed, in one line, from the trace that Kafka Connect keeps of it. */
final class Cause {
    private static final int LINES = 6;

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
        return plain(line(cause.lines().findFirst().orElse("")));
    }

    /**
     * What Kafka Connect refuses of a connector's settings, without where else it would tell it.
     */
    static String refused(String message) {
        return plain(
                line(message == null ? "" : message)
                        .replaceFirst("^Connector configuration is invalid.*?error\\(s\\): ", "")
                        .replaceFirst(" You can also find the above list of errors.*$", "")
                        .replaceFirst(
                                "^(Error while validating connector config|Unable to connect): ",
                                ""));
    }

    /**
     * Without the names of exceptions, severities and connections before it, and the end's stop.
     */
    private static String plain(String line) {
        String plain =
                line.replaceFirst("^[a-zA-Z0-9_.$]+(Exception|Error): ", "")
                        .replaceFirst("^(FATAL|ERROR): ", "")
                        .replaceFirst("^\\(conn=\\d+\\) ", "")
                        .replaceFirst("\\.$", "");
        return plain.isEmpty() ? "It does not say why" : plain;
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
