package dev.millrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A workload's jar in a process of its own. */
public final class Workload implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String name;
    private final Process process;
    private final Endpoint endpoint;
    private final Path log;

    private Workload(String name, Process process, Endpoint endpoint, Path log) {
        this.name = name;
        this.process = process;
        this.endpoint = endpoint;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param jars the folder with the workloads' modules
     * @param settings environment variables
     * @param flags of the JVM
     * @param logs the folder that takes all it prints
     */
    public static Workload start(
            String name, Path jars, Map<String, String> settings, List<String> flags, Path logs)
            throws IOException {
        var endpoint = Endpoint.free();
        var log = logs.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-jar", jars.resolve(name + "/target/" + name + ".jar").toString()));
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(settings);
        builder.environment().put("SERVER_PORT", Integer.toString(endpoint.port()));
        var process = builder.start();
        // Nothing else ends it where the measurement is stopped from outside.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return new Workload(name, process, endpoint, log);
    }

    /** Which one it is. */
    public String name() {
        return name;
    }

    /** Where it answers. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Waits until it does its work. */
    public void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (endpoint.get("/actuator/health/readiness").isMissingNode()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        name + " did not get ready, and said:\n" + Files.readString(log));
            }
            Thread.sleep(200);
        }
    }

    /**
     * A size of {@code /proc/PID/status}.
     *
     * @param field such as {@code VmRSS}
     * @return MiB
     */
    public long mebibytes(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    /** Asks it to end, and waits until it has. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
