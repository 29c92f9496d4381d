package dev.millrace.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands of {@link Main} in processes of their own. */
final class Commands {
    private static final long PATIENCE_SECONDS = 300;

    private Commands() {}

    /** What a command ended with, and what it printed. */
    record Result(int exitCode, String out, String err) {}

    /** The process of a command that begins. What it prints goes to {@code out} and {@code err}. */
    static Process start(Path home, Path out, Path err, List<String> arguments) throws IOException {
        return start(home, out, err, arguments, Map.of());
    }

    /** The process of a command that begins, with variables of its environment. */
    static Process start(
            Path home, Path out, Path err, List<String> arguments, Map<String, String> environment)
            throws IOException {
        return prepare(home, out, err, arguments, environment)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
    }

    /** The process of a command that begins and reads what the test writes. */
    static Process startReading(Path home, Path out, Path err, List<String> arguments)
            throws IOException {
        return prepare(home, out, err, arguments, Map.of())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
    }

    private static ProcessBuilder prepare(
            Path home,
            Path out,
            Path err,
            List<String> arguments,
            Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        // Starts twice as fast, and a test is over before more pays.
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        builder.environment().remove("MONGODB_URI");
        // a JVM that takes options from there says so among what the command says
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
                .forEach(builder.environment()::remove);
        builder.environment().put("MILLRACE_HOME", home.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs a command to its end. */
    static Result run(Path home, String... arguments) throws IOException, InterruptedException {
        Files.createDirectories(home);
        Path out = Files.createTempFile(home, "command", ".out");
        Path err = Files.createTempFile(home, "command", ".err");
        Process process = start(home, out, err, List.of(arguments));
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "still runs: " + List.of(arguments) + Files.readString(out));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }
}
