package dev.millrace.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * A redis-server of its own process, on 127.0.0.1 only, with an append-only file that is forced to
 * the disk each second. It ends with this JVM.
 *
 * <p>The program is the one that the environment variable MILLRACE_REDIS_SERVER names, else a
 * {@code redis-server} of version 6.2 or newer on the PATH, else the one in the class path.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final String SERVER = "Redis";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final int ANSWER_MILLIS = 30_000;

    private final DataDirectory data;
    private final int port;
    private final RedisProgram program;
    private ChildProcess process;

    private EmbeddedRedis(DataDirectory data, int port, RedisProgram program) {
        this.data = data;
        this.port = port;
        this.program = program;
    }

    /**
     * Starts a Redis and waits until it answers. One that an earlier run left on the same folder is
     * stopped first.
     *
     * @param folder where its data is; created when missing
     * @param port the port on 127.0.0.1, or 0 for a free one
     * @throws ServerStartException when the port or the folder is taken, no program is found, or
     *     the data cannot be read
     */
    public static EmbeddedRedis start(Path folder, int port) {
        return start(folder, port, RedisProgram::find);
    }

    static EmbeddedRedis start(Path folder, int port, Function<Path, RedisProgram> program) {
        var data = DataDirectory.lock(SERVER, folder);
        try {
            LeftoverProcess.stop(pidFile(data), configuration(data).toString());
            var redis =
                    new EmbeddedRedis(
                            data,
                            FreePorts.require(SERVER, port),
                            program.apply(data.path().resolve("bin")));
            redis.startProcess();
            return redis;
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** {@code redis://127.0.0.1:PORT}. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** The port on 127.0.0.1; the same after a restart. */
    public int port() {
        return port;
    }

    /** The version of the program: {@code 7.0}. */
    public String version() {
        return "%d.%d".formatted(program.major(), program.minor());
    }

    /** Deletes all keys. The server must run. */
    public void flushAll() {
        try {
            var answer = RedisCommands.send(port, ANSWER_MILLIS, "FLUSHALL");
            if (!answer.equals("+OK")) {
                throw new IllegalStateException("Redis did not delete its keys: " + answer);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Redis did not delete its keys", e);
        }
    }

    /** Stops the server as an operator would; all it has acknowledged is kept. */
    public synchronized void stop() {
        if (process != null) {
            process.stop(STOP);
            process = null;
        }
    }

    /** Ends the server as a crash would (SIGKILL). */
    public synchronized void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    /**
     * Starts the server again on the same port and data, after stopping it when it runs.
     *
     * @throws ServerStartException as at the first start
     */
    public synchronized void restart() {
        stop();
        FreePorts.require(SERVER, port);
        startProcess();
    }

    /** Ends the server as a crash would, and starts it again with its data lost. */
    public synchronized void wipe() {
        kill();
        RedisFiles.delete(data.path());
        restart();
    }

    /** Stops the server and gives the folder back. */
    @Override
    public void close() {
        stop();
        data.close();
    }

    private synchronized void startProcess() {
        try {
            RedisFiles.configure(configuration(data), program, port);
            process =
                    ChildProcess.start(
                            data.path(),
                            logFile(),
                            List.of(program.path().toString(), configuration(data).toString()));
            awaitAnswer();
        } catch (IOException | RuntimeException e) {
            kill();
            throw e instanceof ServerStartException known
                    ? known
                    : new ServerStartException(
                            "Redis did not start with %s: %s".formatted(program.path(), e), e);
        }
    }

    private void awaitAnswer() {
        var patience = Instant.now().plus(START);
        while (!answers()) {
            if (!process.isAlive()) {
                throw new ServerStartException(
                        "Redis ended while starting on 127.0.0.1:%d with the data in %s. It said: %s"
                                .formatted(port, data.path(), RedisFiles.lastLines(logFile())));
            }
            if (Instant.now().isAfter(patience)) {
                throw new ServerStartException(
                        "Redis did not answer on 127.0.0.1:%d within %d s. It said: %s"
                                .formatted(
                                        port, START.toSeconds(), RedisFiles.lastLines(logFile())));
            }
            Pause.millis(20);
        }
    }

    private boolean answers() {
        try {
            return RedisCommands.send(port, ANSWER_MILLIS, "PING").equals("+PONG");
        } catch (IOException _) {
            return false;
        }
    }

    private Path logFile() {
        return data.path().resolve("redis.log");
    }

    private static Path configuration(DataDirectory data) {
        return data.path().resolve("redis.conf");
    }

    private static Path pidFile(DataDirectory data) {
        return data.path().resolve(RedisFiles.PID);
    }
}
