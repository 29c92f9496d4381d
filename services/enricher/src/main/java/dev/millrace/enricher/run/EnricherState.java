package dev.millrace.enricher.run;

/**
 * What the enricher is doing.
 *
 * @param reason what it waits for; {@code null} where it does its work
 */
public record EnricherState(Phase phase, String reason) {
    /** The enricher's phases. */
    public enum Phase {
        /** It has not begun yet. */
        STARTING,
        /** It loads files into the topics of tables. */
        LOADING,
        /** It reads its tables and takes its partitions. */
        JOINING,
        /** It makes events. */
        RUNNING,
        /** Something is missing; it tries again. */
        WAITING,
        /** The pipeline has no streams that are made from others. */
        IDLE,
        /** It has stopped. */
        STOPPED
    }
}
