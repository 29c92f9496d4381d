package dev.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that is measured: on a processor of its own, where the system can do that. */
public final class Measured implements AutoCloseable {
    private final Process process;
    private final Path log;

    private Measured(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a JVM.
     *
     * @param processor the one to run on; negative for any
     * @param arguments of the JVM: flags, what to run, and its arguments
     * @param environment more environment variables
     * @param log the file that takes all it prints
     */
    public static Measured start(
            int processor, List<String> arguments, Map<String, String> environment, Path log)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (processor >= 0) {
            command.addAll(List.of("taskset", "-c", Integer.toString(processor)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(arguments);
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        // Nothing else ends it where the measurement is stopped from outside.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return new Measured(process, log);
    }

    /** Fails with what it printed when it has ended by itself with a fault. */
    public void requireAlive() throws IOException {
        if (!process.isAlive() && process.exitValue() != 0) {
            throw new IllegalStateException("A process ended, and said:\n" + output());
        }
    }

    /** Waits for a line that begins with a word; gives the rest of it. */
    public String await(String word, long seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            var line = output().lines().filter(text -> text.startsWith(word + " ")).findFirst();
            if (line.isPresent()) {
                return line.get().substring(word.length() + 1);
            }
            requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "No \"" + word + "\" in time; it said:\n" + output());
            }
            Thread.sleep(100);
        }
    }

    /** What it printed. */
    public String output() throws IOException {
        return Files.readString(log);
    }

    /** Processor time so far, in seconds. */
    public double processorSeconds() {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9;
    }

    /**
     * A size of {@code /proc/PID/status}.
     *
     * @param field such as {@code VmRSS}
     * @return MiB; 0 where there is no such file
     */
    public long mebibytes(String field) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    /** Asks it to end, and waits until it has. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
