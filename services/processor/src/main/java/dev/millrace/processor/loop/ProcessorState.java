package dev.millrace.processor.loop;

/**
 * What the processor is doing.
 *
 * @param phase in one word
 * @param reason what it waits for and what to do about it; {@code null} while it counts
 */
public record ProcessorState(Phase phase, String reason) {
    /** What the processor is doing, in one word. */
    public enum Phase {
        /** It has not reached its servers yet. */
        STARTING,
        /** It counts. */
        COUNTING,
        /** It counts a changed plan anew, beside the former one's numbers, which are shown. */
        CATCHING_UP,
        /** It waits for a server; nothing is lost. */
        WAITING,
        /** Another version of the pipeline counts instead. */
        SUPERSEDED,
        /** It has stopped. */
        STOPPED
    }
}
