package dev.millrace.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.millrace.embedded.FreePorts;
import dev.millrace.pipeline.resource.TableSpec.Engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A database server of a test's own that can be captured from: one that is installed or that a
 * Maven artifact carries, else a container where an engine answers. The test is left aside where
 * there is none to start.
 */
public abstract class Database implements AutoCloseable {
    static final String ROOT_PASSWORD = "only-for-tests";
    private static final long PATIENCE_SECONDS = 120;

    final Path folder;
    final int port;

    /** {@code null} where it is a process. */
    private String container;

    private Process server;

    Database(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.port = FreePorts.one();
    }

    /**
     * Starts one.
     *
     * @param folder where it keeps what is in it
     * @param options of the server, as it takes them in its command
     */
    public static Database start(Engine engine, Path folder, String... options)
            throws IOException, InterruptedException {
        Database database =
                switch (engine) {
                    case mariadb -> new MariaDb(folder);
                    case mysql -> new MySql(folder);
                    case postgresql -> new PostgreSql(folder);
                };
        try {
            database.begin(List.of(options));
            return database;
        } catch (AssertionError | IOException | InterruptedException e) {
            database.close();
            throw e;
        }
    }

    private List<String> options;

    private void begin(List<String> given) throws IOException, InterruptedException {
        options = given;
        String missing = prepare();
        if (missing == null) {
            beginProcess();
        } else if (program("docker") != null && answers("docker", "info")) {
            container = "millrace-test-" + port;
            List<String> command =
                    new ArrayList<>(
                            List.of("docker", "run", "--detach", "--rm", "--name=" + container));
            command.addAll(containerCommand());
            command.addAll(options);
            run(command.toArray(String[]::new));
        } else {
            abort("NOT RUN: " + missing + ", or install Docker");
        }
        awaitAnswer();
    }

    /**
     * Makes a server that can be started.
     *
     * @return {@code null}, or what cannot be tested here and what to install
     */
    abstract String prepare() throws IOException, InterruptedException;

    /** The command of the process, without options. */
    abstract List<String> command();

    /** What follows {@code docker run} and its own options. */
    abstract List<String> containerCommand();

    /** Where JDBC finds it as its owner, in the database that it has when it is new. */
    abstract String address();

    /** The signal that stops it without waiting for clients. */
    String stopSignal() {
        return "TERM";
    }

    private void beginProcess() throws IOException {
        List<String> command = new ArrayList<>(command());
        command.addAll(options);
        server =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                        .start();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                DriverManager.getConnection(address()).close();
                return;
            } catch (SQLException e) {
                boolean lives = server == null || server.isAlive();
                assertThat(lives && System.nanoTime() < deadline)
                        .as(
                                "it answers in time: %s%n%s",
                                e.getMessage(),
                                server == null ? "" : Files.readString(folder.resolve("log")))
                        .isTrue();
            }
            Thread.sleep(100);
        }
    }

    public int port() {
        return port;
    }

    /** Runs statements as its owner. */
    public void sql(String... statements) throws SQLException {
        in(address(), statements);
    }

    /** Runs statements as its owner in one of its databases. */
    public void sqlIn(String database, String... statements) throws SQLException {
        in(addressOf(database), statements);
    }

    abstract String addressOf(String database);

    private static void in(String address, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(address);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** Stops it for a moment; what is in it is kept. */
    public void restart() throws IOException, InterruptedException {
        if (container == null) {
            stop();
            beginProcess();
        } else {
            run("docker", "restart", container);
        }
        awaitAnswer();
    }

    private void stop() throws IOException, InterruptedException {
        run("kill", "-" + stopSignal(), Long.toString(server.pid()));
        assertThat(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it stops").isTrue();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (container != null) {
            run("docker", "rm", "--force", container);
        } else if (server != null && server.isAlive()) {
            stop();
        }
    }

    static String program(String name) {
        List<String> folders =
                new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(":")));
        folders.addAll(List.of("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"));
        return Stream.of(folders.toArray(String[]::new))
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    static boolean answers(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            return false;
        }
        return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
    }
}
