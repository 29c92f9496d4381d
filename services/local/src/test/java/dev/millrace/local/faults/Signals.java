package dev.millrace.local.faults;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Signals to processes that Java has no method for. */
final class Signals {
    private Signals() {}

    /** Sends a signal, such as {@code STOP}, to a process. */
    static void send(String signal, long pid) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("SIG" + signal + " could not be sent to process " + pid);
        }
    }
}
