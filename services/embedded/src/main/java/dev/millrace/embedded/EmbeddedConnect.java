package dev.millrace.embedded;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kafka Connect in a process of its own, with connectors and without its web server. It ends with
 * this JVM. What fails there is begun again by it; {@link #states()} tells how it goes.
 *
 * <p>It needs a folder with the program: {@code connect.jar}, {@code lib/} and {@code plugins/}.
 */
public final class EmbeddedConnect implements AutoCloseable {
    private static final String SERVER = "Kafka Connect";
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final String STATE = "state";
    private static final String MEMORY = "-Xmx256m";

    private final DataDirectory data;
    private final Path program;
    private ChildProcess process;

    private EmbeddedConnect(DataDirectory data, Path program) {
        this.data = data;
        this.program = program;
    }

    /**
     * What it runs.
     *
     * @param settings of each connector by its name; {@code ${env:NAME}} is read from the
     *     environment
     * @param environment what those settings refer to: kept out of files
     * @param engines the folders in {@code plugins/} that have their programs
     */
    public record Connectors(
            Map<String, Map<String, String>> settings,
            Map<String, String> environment,
            Set<String> engines) {}

    /**
     * Starts it. Returns before any connector runs.
     *
     * @param folder where it keeps how far its connectors are
     * @param program the folder with the program
     * @param kafka the broker, HOST:PORT
     * @throws ServerStartException when there is no program in that folder, or the folder is taken
     */
    public static EmbeddedConnect start(
            Path folder, Path program, String kafka, Connectors connectors) {
        if (!Files.isReadable(program.resolve("connect.jar"))) {
            throw new ServerStartException(
                    "%s is not built: there is no connect.jar in %s. Run ./millrace build."
                            .formatted(SERVER, program));
        }
        var data = DataDirectory.lock(SERVER, folder);
        try {
            LeftoverProcess.stop(pidFile(data), data.path().toString());
            var connect = new EmbeddedConnect(data, program.toAbsolutePath());
            connect.configure(kafka, connectors);
            connect.begin(connectors.environment());
            return connect;
        } catch (RuntimeException e) {
            data.close();
            throw e;
        } catch (IOException e) {
            data.close();
            throw new ServerStartException(
                    "%s cannot be started in %s: %s".formatted(SERVER, folder, e), e);
        }
    }

    private static Path pidFile(DataDirectory data) {
        return data.path().resolve("connect.pid");
    }

    private void configure(String kafka, Connectors connectors) throws IOException {
        Map<String, String> worker = new TreeMap<>();
        worker.put("bootstrap.servers", kafka);
        worker.put(
                "plugin.path",
                connectors.engines().stream()
                        .sorted()
                        .map(engine -> program.resolve("plugins").resolve(engine).toString())
                        .collect(Collectors.joining(",")));
        // the plugins say what they have; looking for more takes seconds
        worker.put("plugin.discovery", "service_load");
        worker.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
        worker.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        worker.put("offset.storage.file.filename", data.path().resolve("offsets").toString());
        worker.put("offset.flush.interval.ms", "2000");
        worker.put("config.providers", "env");
        worker.put(
                "config.providers.env.class",
                "org.apache.kafka.common.config.provider.EnvVarConfigProvider");
        write(data.path().resolve("worker.properties"), worker);
        Path folder = Files.createDirectories(data.path().resolve("connectors"));
        try (Stream<Path> former = Files.list(folder)) {
            for (Path file : former.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, Map<String, String>> connector : connectors.settings().entrySet()) {
            write(folder.resolve(connector.getKey() + ".properties"), connector.getValue());
        }
        Files.deleteIfExists(data.path().resolve(STATE));
        // a later build does not pull it from under the process
        Files.copy(
                program.resolve("connect.jar"),
                data.path().resolve("connect.jar"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(Path file, Map<String, String> settings) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }

    private void begin(Map<String, String> environment) throws IOException {
        String separator = System.getProperty("path.separator");
        process =
                ChildProcess.start(
                        data.path(),
                        data.path().resolve("connect.log"),
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                MEMORY,
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                data.path().resolve("connect.jar")
                                        + separator
                                        + program.resolve("lib")
                                        + "/*",
                                "dev.millrace.connect.Main",
                                data.path().toString()),
                        environment);
        Files.writeString(pidFile(data), Long.toString(process.pid()));
    }

    /** Whether the process lives. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Where it writes what it does. */
    public Path log() {
        return data.path().resolve("connect.log");
    }

    /**
     * How each connector is: {@code RUNNING}, {@code STARTING}, or why it does not run; empty as
     * long as nothing is known.
     */
    public Map<String, String> states() {
        Map<String, String> states = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(data.path().resolve(STATE))) {
                int tab = line.indexOf('\t');
                states.put(line.substring(0, tab), line.substring(tab + 1));
            }
        } catch (IOException _) {
            // not written yet
        }
        return states;
    }

    /** Stops it; what its connectors have read is kept. */
    @Override
    public void close() {
        process.stop(STOP);
        data.close();
    }
}
