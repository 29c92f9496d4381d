package dev.millrace.processor.state;

import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.processor.ProcessorMeters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Keeps the packed parts of buckets small. Flushes add to their ends, so what they add again and
 * again is there many times; once a part has grown to some times what it would be without that, it
 * is packed anew. For the loop's thread, but it works beside that.
 */
public final class Repacking implements AutoCloseable {
    /** Bytes that are not worth the work, whatever they are. */
    private static final long LEAST = 1 << 20;

    /**
     * Bytes for each group that is allowed: some entries of each, so that not many more collect.
     */
    private static final long GROUP = 160;

    /** Bytes that are left alone where few groups, or none, may fill them. */
    private static final long MOST = 16 << 20;

    private static final Logger log = LoggerFactory.getLogger(Repacking.class);

    private static final int GROWN = 3;

    private final WindowStore store;
    private final ProcessorMeters meters;
    private final long least;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("repacking").factory());

    /** Buckets whose limits are remembered; those of the past need none. */
    private static final int REMEMBERED = 1_000;

    /** By bucket, how many bytes are too many; no number is while it is being packed. */
    private final Map<String, Long> limits =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        private static final long serialVersionUID = 1L;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                            return size() > REMEMBERED;
                        }
                    });

    /** A repacking of a store's buckets. */
    public Repacking(WindowStore store, ProcessorMeters meters) {
        this(store, meters, LEAST);
    }

    /**
     * The same.
     *
     * @param least how many bytes are always left alone
     */
    Repacking(WindowStore store, ProcessorMeters meters, long least) {
        this.store = store;
        this.meters = meters;
        this.least = least;
    }

    /** Bytes of a bucket that are left alone. */
    private long small(String bucket) {
        MeasurePlan metric = store.metric(bucket);
        return metric.isGrouped()
                ? Math.clamp(metric.maxGroups() * GROUP, Math.min(least, MOST), MOST)
                : Math.max(least, MOST);
    }

    /**
     * Takes note of how many bytes packed parts have, by their buckets, and packs anew what has
     * grown too large.
     */
    public void grown(Map<String, Long> lengths) {
        lengths.forEach(
                (bucket, length) -> {
                    Long limit = limits.get(bucket);
                    if (length > (limit == null ? small(bucket) : limit)) {
                        limits.put(bucket, Long.MAX_VALUE);
                        try {
                            worker.execute(() -> repack(bucket, length));
                        } catch (RejectedExecutionException e) {
                            log.debug("{} stays as it is, for this instance stops", bucket);
                        }
                    }
                });
    }

    private void repack(String bucket, long grown) {
        try {
            long length = store.repack(bucket);
            // Where it was changed meanwhile, another instance has mostly packed it anew.
            limits.put(bucket, Math.max(small(bucket), length == 0 ? 2 * grown : GROWN * length));
            if (length > 0) {
                meters.repacked();
            }
        } catch (StoreUnavailableException e) {
            limits.put(bucket, 2 * grown);
            log.debug("{} was not packed anew: {}", bucket, e.getMessage());
        } catch (IllegalArgumentException e) {
            // Tried once: it would be the same each time.
            log.error(
                    "The packed part of {} was not written by Millrace: {}",
                    bucket,
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
