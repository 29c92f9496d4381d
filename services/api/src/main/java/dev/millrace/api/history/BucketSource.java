package dev.millrace.api.history;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The live buckets that history is written from. For one thread. */
public interface BucketSource extends AutoCloseable {
    /**
     * What holds for all of them.
     *
     * @param fingerprint of the plan that counts; {@code null} where nothing was counted
     * @param era changes whenever they may have gone back
     * @param sequence number of the newest flush
     * @param positions by {@code TOPIC:PARTITION}, what they stand for
     * @param lost how many events were gone before they could be counted
     * @param valid how many events counted
     * @param rejected how many did not
     * @param late those of {@code rejected} that came too late
     * @param changed the buckets that changed after the flush that was asked for
     */
    record Head(
            String fingerprint,
            String era,
            long sequence,
            Map<String, Position> positions,
            long lost,
            long valid,
            long rejected,
            long late,
            List<Bucket> changed) {}

    /**
     * How far a partition is counted.
     *
     * @param offset the next event to count
     * @param watermark the highest event time before it
     */
    record Position(long offset, long watermark) {}

    /**
     * Reads the head.
     *
     * @param after the flush after which changes are of interest; 0 for all
     */
    Head head(long after) throws InterruptedException;

    /** Reads buckets; those that hold nothing are not in the answer. */
    Map<Bucket, Rollup> read(Collection<Bucket> buckets) throws InterruptedException;

    @Override
    void close();
}
