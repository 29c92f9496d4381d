package dev.millrace.bench.operator;

import dev.millrace.bench.Endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The operator's jar in a process of its own, with the JVM's flags of its image. */
final class OperatorProcess implements AutoCloseable {
    // MaxRAM is what the container's limit says to the JVM in the chart's pod
    private static final List<String> FLAGS =
            List.of(
                    "-XX:MaxRAM=512m",
                    "-XX:+UseSerialGC",
                    "-XX:MaxRAMPercentage=30",
                    "-XX:TrimNativeHeapInterval=5000",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:+UseStringDeduplication",
                    "-XX:TieredStopAtLevel=1",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED");
    private static final Pattern USED = Pattern.compile("(?i)(?:new|tenured)[^,]*, used (\\d+)K");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path log;

    /**
     * Starts it.
     *
     * @param config by which it finds the API server
     * @param proofs where it asks for proofs
     * @param log takes all it prints
     */
    OperatorProcess(Path jar, Path config, String proofs, Path log) throws IOException {
        this.log = log;
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        command.addAll(FLAGS);
        command.addAll(List.of("-jar", jar.toString()));
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "KUBECONFIG", config.toString(),
                                "SERVER_PORT", Integer.toString(Endpoint.free().port()),
                                "POD_NAMESPACE", "millrace-system",
                                "POD_NAME", "bench",
                                "MILLRACE_LEADER_ELECTION", "true",
                                "MILLRACE_PROOF_ADDRESS", proofs,
                                "MALLOC_ARENA_MAX", "2"));
        process = builder.start();
        // nothing else ends it where the measurement is stopped from outside
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Waits until it watches pipelines. */
    void awaitStarted() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(log).contains("Watching for pipelines")) {
            requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The operator did not start:\n" + said());
            }
            Thread.sleep(100);
        }
    }

    /** Fails where it has ended. */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("The operator ended, and said:\n" + said());
        }
    }

    private String said() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    /** Waits until it has nothing to do: it took less than a tenth of a processor for 5 s. */
    void awaitIdle() throws InterruptedException, IOException {
        Duration before;
        do {
            before = processorTime();
            Thread.sleep(5000);
            requireAlive();
        } while (processorTime().minus(before).toMillis() > 500);
    }

    /** Processor time so far. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /**
     * A size of {@code /proc/PID/status}.
     *
     * @param field such as {@code VmRSS}
     * @return MiB
     */
    long mebibytes(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    /** MiB of objects that are in use, after a full collection. */
    long liveHeap() throws IOException, InterruptedException {
        jcmd("GC.run");
        var sizes = USED.matcher(jcmd("GC.heap_info"));
        long kibibytes = 0;
        while (sizes.find()) {
            kibibytes += Long.parseLong(sizes.group(1));
        }
        return kibibytes / 1024;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(tool("jcmd"), Long.toString(process.pid()), command)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(jcmd.getInputStream().readAllBytes());
        jcmd.waitFor();
        return said;
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
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
