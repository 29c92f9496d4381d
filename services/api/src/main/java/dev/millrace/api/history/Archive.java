package dev.millrace.api.history;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Where history is kept. */
public interface Archive {
    /**
     * A rollup to be kept.
     *
     * @param version of what it was made from: only older ones are replaced
     * @param atLeast versions below this one are not replaced either; 0: any
     * @param parts how many smaller buckets it was made of: one of more parts is not replaced; 0
     *     for what was read from Redis
     */
    record Entry(Bucket bucket, Rollup rollup, long version, long atLeast, int parts) {}

    /**
     * Takes the lease, or keeps it.
     *
     * @return how far history is written; {@code null} where somebody else has the lease
     */
    Progress acquire(String holder, Instant now, Duration lease);

    /**
     * Notes how far history is written.
     *
     * @param epoch the epoch noted before
     * @return whether it is noted; not where the lease has gone to somebody else
     */
    boolean save(String holder, long epoch, Progress progress);

    /** Keeps rollups, but for those that are older than what is there. */
    void write(List<Entry> entries);

    /** Rollups by their bucket; those that are not there are not in the answer. */
    Map<Bucket, Rollup> read(Collection<Bucket> buckets);
}
