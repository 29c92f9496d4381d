package dev.millrace.processor.state;

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
    private static final Logger log = LoggerFactory.getLogger(Repacking.class);

    /** Bytes that are not worth the work: reading and writing them takes memory of the heap. */
    private static final long SMALL = 16 << 20;

    private static final int GROWN = 3;

    private final WindowStore store;
    private final ProcessorMeters meters;
    private final long small;
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
        this(store, meters, SMALL);
    }

    /**
     * The same.
     *
     * @param small how many bytes are left alone
     */
    Repacking(WindowStore store, ProcessorMeters meters, long small) {
        this.store = store;
        this.meters = meters;
        this.small = small;
    }

    /**
     * Takes note of how many bytes packed parts have, by their buckets, and packs anew what has
     * grown too large.
     */
    public void grown(Map<String, Long> lengths) {
        lengths.forEach(
                (bucket, length) -> {
                    if (length > limits.getOrDefault(bucket, small)) {
                        limits.put(bucket, Long.MAX_VALUE);
                        try {
                            worker.execute(() -> repack(bucket));
                        } catch (RejectedExecutionException e) {
                            log.debug("{} stays as it is, for this instance stops", bucket);
                        }
                    }
                });
    }

    private void repack(String bucket) {
        try {
            long length = store.repack(bucket);
            limits.put(bucket, Math.max(small, GROWN * length));
            if (length > 0) {
                meters.repacked();
            }
        } catch (StoreUnavailableException e) {
            limits.put(bucket, small);
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
