package dev.millrace.processor.state;

import java.util.Map;

/** What became of a flush. */
public sealed interface FlushOutcome {
    /**
     * Counts and position moved together.
     *
     * @param failedWrites writes that Redis refused, such as a sum beyond 64 bits; 0 unless
     *     something else writes to these keys
     * @param packed how many bytes the packed parts of buckets have now that it added to
     */
    record Applied(int failedWrites, Map<String, Long> packed) implements FlushOutcome {}

    /**
     * Nothing happened: the state is not as this instance left it. Somebody else took the
     * partition, or Redis went back in time.
     *
     * @param why what did not fit
     */
    record Refused(String why) implements FlushOutcome {}

    /** Nothing happened: the state belongs to another plan now. */
    record Superseded() implements FlushOutcome {}

    /** Nothing happened: the state is gone, or being emptied, and must be begun anew. */
    record Gone() implements FlushOutcome {}

    /**
     * Nothing happened: Redis holds a part of a former flush without the rest, as after a crash
     * that cut its file. No number can be trusted, and all must be begun anew.
     */
    record Torn() implements FlushOutcome {}
}
