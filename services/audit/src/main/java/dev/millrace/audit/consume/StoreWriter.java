package dev.millrace.audit.consume;

import dev.millrace.audit.AuditMeters;
import dev.millrace.audit.document.Entry;
import dev.millrace.audit.store.EventStore;
import dev.millrace.audit.store.Written;

import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Writes in a thread of its own, one batch after the other, so that the log can be read, and the
 * group's membership kept, meanwhile.
 */
final class StoreWriter implements AutoCloseable {
    private final EventStore store;
    private final AuditMeters meters;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("audit-writer").factory());

    StoreWriter(EventStore store, AuditMeters meters) {
        this.store = store;
        this.meters = meters;
    }

    /** Begins to write events, and how far that is. */
    Future<Optional<Written>> write(List<Entry> entries) {
        Map<TopicPartition, Long> recorded = new HashMap<>();
        entries.forEach(entry -> recorded.merge(entry.partition(), entry.offset() + 1, Math::max));
        return thread.submit(
                () ->
                        timed(
                                () -> {
                                    Written written = store.write(entries);
                                    store.note(recorded);
                                    return Optional.of(written);
                                }));
    }

    /**
     * Begins to ask the store whether it is there.
     *
     * @param recorded how far partitions are recorded by now
     */
    Future<Optional<Written>> check(Map<TopicPartition, Long> recorded) {
        return thread.submit(
                () -> {
                    store.check();
                    store.note(recorded);
                    return Optional.empty();
                });
    }

    private <T> T timed(Supplier<T> write) {
        long start = System.nanoTime();
        try {
            return write.get();
        } finally {
            meters.flushed(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Abandons what is not written yet. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
