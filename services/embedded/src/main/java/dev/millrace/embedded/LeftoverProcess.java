package dev.millrace.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** A program of an earlier run that still works on a folder which nobody holds any more. */
final class LeftoverProcess {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
                .filter(process -> isRunning(process, argument))
                .ifPresent(process -> stop(process, argument));
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

    // A zombie has no arguments any more: where nobody reaps orphans it would stay for ever.
    static boolean isRunning(ProcessHandle process, String argument) {
        return process.info()
                .arguments()
                .map(arguments -> Arrays.asList(arguments).contains(argument))
                .orElse(false);
    }

    private static void stop(ProcessHandle process, String argument) {
        process.destroy();
        if (!endsWithin(PATIENCE, process, argument)) {
            process.destroyForcibly();
            if (!endsWithin(PATIENCE, process, argument)) {
                throw new ServerStartException(
                        "Process %d of an earlier run does not end. Stop it, then start again."
                                .formatted(process.pid()));
            }
        }
    }

    private static boolean endsWithin(Duration time, ProcessHandle process, String argument) {
        var patience = Instant.now().plus(time);
        while (isRunning(process, argument)) {
            if (Instant.now().isAfter(patience)) {
                return false;
            }
            Pause.millis(20);
        }
        return true;
    }
}
