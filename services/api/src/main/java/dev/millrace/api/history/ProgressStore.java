package dev.millrace.api.history;

import java.time.Duration;
import java.time.Instant;

/** How far something is written from buckets, and who may go on. */
public interface ProgressStore {
    /**
     * Takes the lease, or keeps it.
     *
     * @return how far it is written; {@code null} where somebody else has the lease
     */
    Progress acquire(String holder, Instant now, Duration lease);

    /**
     * Notes how far it is written.
     *
     * @param epoch the epoch noted before
     * @return whether it is noted; not where the lease has gone to somebody else
     */
    boolean save(String holder, long epoch, Progress progress);

    /** Gives the lease back, so that another replica need not wait for its end. */
    void release(String holder);

    /** How far it is written, by whomever; {@code null} where nothing is. */
    Progress noted();
}
