package dev.millrace.local.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A processor in a process of its own, to be ended, held and let go like any other. */
final class ProcessorProcess implements AutoCloseable {
    private static final int LINES = 15;

    private final Process process;
    private final Path log;

    private ProcessorProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Begins to start one; what it prints is added to a file. */
    static ProcessorProcess start(
            Path manifest, String kafka, String redis, Path log, int packAbove) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        // Starts twice as fast, and it does not live long.
                        "-XX:TieredStopAtLevel=1",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dlogback.configurationFile=faults/logback-processor.xml",
                        "-Dmillrace.processor.redis-timeout=2s",
                        "-Dmillrace.processor.pack-above=" + packAbove,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoneProcessor.class.getName(),
                        manifest.toString(),
                        kafka,
                        redis));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Files.writeString(
                    log, "---- started\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            Process process = builder.start();
            // Nothing else ends it where the tests' JVM is ended from outside.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ProcessorProcess(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines of what it printed. */
    String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return log.getFileName()
                    + (process.isAlive() ? ", alive:\n" : ", ended:\n")
                    + String.join(
                            "\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException e) {
            return log + " cannot be read: " + e;
        }
    }

    /** SIGKILL: nothing in it gets to run any more. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM: it flushes and leaves its group. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("a processor does not stop by SIGTERM; see " + log);
        }
    }

    /** SIGSTOP: it stands still, and knows nothing of it. */
    void hold() throws IOException, InterruptedException {
        Signals.send("STOP", process.pid());
    }

    /** SIGCONT: it goes on as if no time had passed. */
    void letGo() throws IOException, InterruptedException {
        Signals.send("CONT", process.pid());
    }

    @Override
    public void close() {
        kill();
    }
}
