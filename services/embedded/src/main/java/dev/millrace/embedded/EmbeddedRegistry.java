package dev.millrace.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An Apicurio schema registry in a process of its own, on 127.0.0.1 only, with its schemas in a
 * file: their ids stay what they are from run to run. It ends with this JVM, and refuses a schema
 * that cannot read what the one before it has written.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    /** The file that an unpacked Apicurio is started by. */
    public static final String PROGRAM = "quarkus-run.jar";

    private static final String SERVER = "The schema registry";
    private static final String API = "/apis/ccompat/v7";
    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final DataDirectory data;
    private final Path program;
    private final int port;
    private final int management;
    private ChildProcess process;

    private EmbeddedRegistry(DataDirectory data, Path program, int port) {
        this.data = data;
        this.program = program;
        this.port = port;
        this.management = FreePorts.one();
    }

    /**
     * Starts a registry and waits until it answers. One that an earlier run left on the same folder
     * is stopped first.
     *
     * @param folder where its data is; created when missing
     * @param port the port on 127.0.0.1, or 0 for a free one
     * @param program the folder of an unpacked Apicurio, with {@link #PROGRAM} in it
     * @throws ServerStartException when the port or the folder is taken, or it does not start
     */
    public static EmbeddedRegistry start(Path folder, int port, Path program) {
        DataDirectory data = DataDirectory.lock(SERVER, folder);
        try {
            LeftoverProcess.stop(pidFile(data), database(data));
            EmbeddedRegistry registry =
                    new EmbeddedRegistry(
                            data,
                            program.toAbsolutePath().normalize(),
                            FreePorts.require(SERVER, port));
            registry.startProcess();
            return registry;
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** The address that clients of Confluent's protocol use, where one is on a port. */
    public static String url(int port) {
        return "http://127.0.0.1:" + port + API;
    }

    /** The address that clients of Confluent's protocol use. */
    public String url() {
        return url(port);
    }

    /** Stops the registry as an operator would. */
    public synchronized void stop() {
        if (process != null) {
            process.stop(STOP);
            process = null;
        }
    }

    /**
     * Starts it again on the same port and data, after stopping it when it runs.
     *
     * @throws ServerStartException as at the first start
     */
    public synchronized void restart() {
        stop();
        FreePorts.require(SERVER, port);
        startProcess();
    }

    /** Stops it and gives the folder back. */
    @Override
    public void close() {
        stop();
        data.close();
    }

    private synchronized void startProcess() {
        try {
            process = ChildProcess.start(data.path(), logFile(), command());
            Files.writeString(pidFile(data), Long.toString(process.pid()));
            awaitAnswer();
        } catch (IOException | RuntimeException e) {
            if (process != null) {
                process.kill();
                process = null;
            }
            throw e instanceof ServerStartException known
                    ? known
                    : new ServerStartException(
                            "%s did not start with %s: %s".formatted(SERVER, program, e), e);
        }
    }

    private List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + data.path(),
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + management,
                "-Dquarkus.http.access-log.enabled=false",
                "-Dapicurio.storage.kind=sql",
                "-Dapicurio.storage.sql.kind=h2",
                database(data),
                "-Dapicurio.datasource.jdbc.initial-size=1",
                "-Dapicurio.datasource.jdbc.min-size=1",
                "-Dapicurio.datasource.jdbc.max-size=10",
                "-Dapicurio.storage.snapshot.location=" + data.path(),
                "-Dapicurio.rules.global.compatibility=BACKWARD",
                "-jar",
                program.resolve(PROGRAM).toString());
    }

    private static String database(DataDirectory data) {
        // on the disk before an id is given out
        return "-Dapicurio.datasource.url=jdbc:h2:file:%s;WRITE_DELAY=0"
                .formatted(data.path().resolve("schemas"));
    }

    private void awaitAnswer() {
        Instant patience = Instant.now().plus(START);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!answers(client)) {
                if (!process.isAlive()) {
                    throw new ServerStartException(
                            "%s ended while starting on 127.0.0.1:%d with the data in %s. It said: %s"
                                    .formatted(
                                            SERVER,
                                            port,
                                            data.path(),
                                            RedisFiles.lastLines(logFile())));
                }
                if (Instant.now().isAfter(patience)) {
                    throw new ServerStartException(
                            "%s did not answer on 127.0.0.1:%d within %d s; %s tells more"
                                    .formatted(SERVER, port, START.toSeconds(), logFile()));
                }
                Pause.millis(50);
            }
        }
    }

    private boolean answers(HttpClient client) {
        try {
            return client.send(
                                    HttpRequest.newBuilder(URI.create(url() + "/subjects"))
                                            .timeout(ANSWER)
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException("Interrupted while waiting for " + url(), e);
        }
    }

    private Path logFile() {
        return data.path().resolve("registry.log");
    }

    private static Path pidFile(DataDirectory data) {
        return data.path().resolve("registry.pid");
    }
}
