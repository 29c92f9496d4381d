package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.millrace.embedded.FreePorts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A MariaDB of a test's own, with a binlog of rows: the one that is installed, else a container
 * where an engine answers.
 */
final class MariaDb implements AutoCloseable {
    private static final String ROOT_PASSWORD = "only-for-tests";
    private static final long PATIENCE_SECONDS = 120;

    private final Path folder;
    private final int port;

    /** {@code null} for an installed one. */
    private final String container;

    private Process server;

    private MariaDb(Path folder, int port, String container) {
        this.folder = folder;
        this.port = port;
        this.container = container;
    }

    /** Starts one; the test is left aside where there is none to start. */
    static MariaDb start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = FreePorts.one();
        MariaDb mariaDb;
        if (program("mariadbd") != null) {
            mariaDb = new MariaDb(folder, port, null);
            // in the script's folder, which is in the path of the system's users alone
            run(
                    "mariadb-install-db",
                    "--no-defaults",
                    "--user=" + System.getProperty("user.name"),
                    "--datadir=" + folder.resolve("data"),
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db");
            mariaDb.begin();
        } else if (program("docker") != null && answers("docker", "info")) {
            mariaDb = new MariaDb(folder, port, "millrace-test-" + port);
            run(
                    "docker",
                    "run",
                    "--detach",
                    "--rm",
                    "--name=" + mariaDb.container,
                    "--publish=127.0.0.1:" + port + ":3306",
                    "--env=MARIADB_ROOT_PASSWORD=" + ROOT_PASSWORD,
                    "mariadb:11",
                    "--log-bin=bin",
                    "--binlog-format=ROW",
                    "--server-id=1");
        } else {
            return abort(
                    "NOT RUN: tables captured from a database. Install MariaDB (Debian: apt-get install mariadb-server) or Docker");
        }
        mariaDb.awaitAnswer();
        return mariaDb;
    }

    private void begin() throws IOException {
        server =
                new ProcessBuilder(
                                program("mariadbd"),
                                "--no-defaults",
                                "--user=" + System.getProperty("user.name"),
                                "--datadir=" + folder.resolve("data"),
                                "--socket=" + socket(),
                                "--pid-file=" + folder.resolve("pid"),
                                "--port=" + port,
                                "--bind-address=127.0.0.1",
                                "--log-bin=bin",
                                "--binlog-format=ROW",
                                "--server-id=1",
                                "--innodb-buffer-pool-size=32M")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
    }

    /** Sockets have short names, and folders of tests have long ones. */
    private String socket() {
        return "/tmp/millrace-" + port + ".sock";
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!answers(client("select 1"))) {
            assertThat(System.nanoTime()).as("MariaDB answers in time").isLessThan(deadline);
            Thread.sleep(200);
        }
    }

    int port() {
        return port;
    }

    /** Runs statements; returns what they print, without headings. */
    String sql(String statements) throws IOException, InterruptedException {
        return run(client(statements)).strip();
    }

    private String[] client(String statements) {
        return container == null
                ? new String[] {
                    program("mariadb"),
                    "--no-defaults",
                    "--user=root",
                    "--socket=" + socket(),
                    "--skip-column-names",
                    "--execute=" + statements
                }
                : new String[] {
                    "docker",
                    "exec",
                    container,
                    "mariadb",
                    "--user=root",
                    "--password=" + ROOT_PASSWORD,
                    "--skip-column-names",
                    "--execute=" + statements
                };
    }

    /** Stops it for a moment; what is in it is kept. */
    void restart() throws IOException, InterruptedException {
        if (container == null) {
            server.destroy();
            assertThat(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            begin();
        } else {
            run("docker", "restart", container);
        }
        awaitAnswer();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (container == null) {
            server.destroyForcibly().waitFor();
            Files.deleteIfExists(Path.of(socket()));
        } else {
            run("docker", "rm", "--force", container);
        }
    }

    private static String program(String name) {
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

    private static boolean answers(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }
}
