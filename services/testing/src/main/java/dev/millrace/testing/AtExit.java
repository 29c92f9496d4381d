package dev.millrace.testing;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what tests share when the JVM ends, the newest first. */
final class AtExit {

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(AtExit::closeAll, "test-servers"));
    }

    private AtExit() {}

    static synchronized void close(AutoCloseable server) {
        OPEN.push(server);
    }

    private static synchronized void closeAll() {
        while (!OPEN.isEmpty()) {
            try {
                OPEN.pop().close();
            } catch (Exception e) {
                System.err.println("A test server did not stop: " + e);
            }
        }
    }
}
