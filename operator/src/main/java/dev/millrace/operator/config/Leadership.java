package dev.millrace.operator.config;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when it does not lead any more, for what it holds in memory may be old by the
 * time it leads again. Not where it ends anyway: the end of a process would wait for itself.
 */
final class Leadership {
    private static final Logger log = LoggerFactory.getLogger(Leadership.class);
    private static final int LOST = 1;

    private volatile boolean leading;
    private volatile boolean ending;

    /**
     * The leadership of this process.
     *
     * @param isElected whether others may lead; else this one always does
     */
    Leadership(boolean isElected) {
        leading = !isElected;
    }

    /** Whether this process works, and does not stand by. */
    boolean leads() {
        return leading;
    }

    /** From here on it may be lost. */
    void end() {
        ending = true;
    }

    LeaderCallbacks callbacks() {
        return new LeaderCallbacks(
                () -> leading = true, this::lost, leader -> log.info("{} leads", leader));
    }

    private void lost() {
        leading = false;
        if (!ending) {
            log.error("The lease was lost, so another operator may lead; this one ends");
            // Kubernetes starts it again; elsewhere than in the thread that renews the lease
            Thread.ofPlatform().start(() -> System.exit(LOST));
        }
    }
}
