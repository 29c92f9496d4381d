package dev.millrace.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program of an earlier run that still works on a folder which nobody holds any more. */
final class LeftoverProcess {

    private static final int PATIENCE_SECONDS = 20;

    private LeftoverProcess() {}

    /**
     * Stops the program that a file names, when it really is ours.
     *
     * @param pidFile where the program wrote its process id; may be missing
     * @param argument what must be among the arguments it was started with
     */
    static void stop(Path pidFile, String argument) {
        read(pidFile)
                .flatMap(ProcessHandle::of)
                .filter(handle -> isStartedWith(handle, argument))
                .ifPresent(LeftoverProcess::stop);
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new ServerStartException(
                    "Cannot delete %s: %s. Check the rights on that folder.".formatted(pidFile, e),
                    e);
        }
    }

    private static Optional<Long> read(Path pidFile) {
        try {
            return Optional.of(Long.parseLong(Files.readString(pidFile).strip()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static boolean isStartedWith(ProcessHandle handle, String argument) {
        return handle.info()
                .arguments()
                .map(arguments -> Arrays.asList(arguments).contains(argument))
                .orElse(false);
    }

    private static void stop(ProcessHandle handle) {
        handle.destroy();
        if (!endsWithin(handle, PATIENCE_SECONDS)) {
            handle.destroyForcibly();
            if (!endsWithin(handle, PATIENCE_SECONDS)) {
                throw new ServerStartException(
                        "Process %d of an earlier run does not end. Stop it, then start again."
                                .formatted(handle.pid()));
            }
        }
    }

    private static boolean endsWithin(ProcessHandle handle, int seconds) {
        try {
            handle.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException _) {
            return !handle.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException("Interrupted while waiting for an earlier run", e);
        }
    }
}
