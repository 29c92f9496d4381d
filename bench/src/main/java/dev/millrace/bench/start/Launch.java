package dev.millrace.bench.start;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process, and when it said what. */
final class Launch implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final StringBuffer said = new StringBuffer();
    private final CompletableFuture<Double> awaited = new CompletableFuture<>();
    private final long begun;
    private final Process process;

    /**
     * Starts a process.
     *
     * @param line the beginning of the line that it is watched for
     */
    Launch(List<String> command, String line) throws IOException {
        begun = System.nanoTime();
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        // Nothing else ends it where the measurement is stopped from outside.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        Thread.ofVirtual().start(() -> watch(line));
    }

    private void watch(String line) {
        try (BufferedReader output = process.inputReader()) {
            String next;
            while ((next = output.readLine()) != null) {
                said.append(next).append('\n');
                if (next.startsWith(line)) {
                    awaited.complete(seconds());
                }
            }
        } catch (IOException e) {
            said.append(e).append('\n');
        }
        awaited.completeExceptionally(new IllegalStateException("It ended, and said:\n" + said));
    }

    /** Seconds since it was started. */
    double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** Seconds from its start to the line. */
    double line() throws InterruptedException, ExecutionException, TimeoutException {
        return awaited.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Fails where it has ended, or takes too long. */
    void requireAlive() {
        if (!process.isAlive() || seconds() > PATIENCE.toSeconds()) {
            throw new IllegalStateException("It did not get ready, and said:\n" + said);
        }
    }

    /** Ends its standard input, and lets it end by that. */
    void endInput() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
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
