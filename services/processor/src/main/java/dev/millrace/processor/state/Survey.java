package dev.millrace.processor.state;

/**
 * What a database of Redis holds.
 *
 * @param fingerprint of the plan whose state it is; empty where there is none
 * @param partitions how many have been counted, at least in part
 * @param foreign whether there are keys that are not the pipeline's
 */
record Survey(String fingerprint, int partitions, boolean foreign) {
    /** Whether there are numbers of a plan, which somebody may look at. */
    boolean hasNumbers() {
        return !fingerprint.isEmpty()
                && !fingerprint.startsWith(WindowStore.EMPTYING)
                && partitions > 0;
    }
}
