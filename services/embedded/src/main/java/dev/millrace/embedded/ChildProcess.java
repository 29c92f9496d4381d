package dev.millrace.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that never outlives this JVM, however the JVM ends, and that a Ctrl-C at the terminal
 * does not reach: whoever started it stops it, after those who still use it.
 */
final class ChildProcess {

    // Leaves the terminal's process group. Linux has setsid, macOS has perl.
    private static final String IN_OWN_GROUP =
            """
            if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
            if command -v perl >/dev/null 2>&1; then exec perl -e 'setpgrp(0, 0); exec @ARGV' "$@"; fi
            exec "$@"
            """;

    // Its standard input is a pipe from this JVM, which ends when the JVM is gone.
    private static final String WATCH =
            """
            trap '' INT HUP TERM
            read -r _
            kill -TERM "$1"
            """;

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a program.
     *
     * @param folder where it runs
     * @param output the file that takes all it prints; emptied first
     */
    static ChildProcess start(Path folder, Path output, List<String> command) throws IOException {
        return start(folder, output, command, Map.of());
    }

    /**
     * Starts a program.
     *
     * @param environment what it finds in its environment beside what this JVM has
     */
    static ChildProcess start(
            Path folder, Path output, List<String> command, Map<String, String> environment)
            throws IOException {
        var builder = inOwnGroup(command);
        builder.environment().putAll(environment);
        var process =
                builder.directory(folder.toFile())
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            var watch =
                    inOwnGroup(List.of("sh", "-c", WATCH, "watch", Long.toString(process.pid())))
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start();
            // Else it would stop whatever process gets this id later.
            process.onExit().thenRun(watch::destroyForcibly);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
        return new ChildProcess(process);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the program to end, and ends it after the given time. */
    void stop(Duration patience) {
        process.destroy();
        if (!endsWithin(patience)) {
            kill();
        }
    }

    /** Ends the program at once, as a crash would, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        endsWithin(Duration.ofSeconds(10));
    }

    private boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ProcessBuilder inOwnGroup(List<String> command) {
        var all = new ArrayList<>(List.of("sh", "-c", IN_OWN_GROUP, "start"));
        all.addAll(command);
        return new ProcessBuilder(all);
    }
}
