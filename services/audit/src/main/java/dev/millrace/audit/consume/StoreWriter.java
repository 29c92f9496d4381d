package dev.millrace.audit.consume;

import dev.millrace.audit.AuditMeters;
import dev.millrace.audit.document.Entry;
import dev.millrace.audit.store.EventStore;
import dev.millrace.audit.store.Written;

import java.time.Duration;
import java.util.List;
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

    /** Begins to write events. */
    Future<Optional<Written>> write(List<Entry> entries) {
        return thread.submit(() -> timed(() -> Optional.of(store.write(entries))));
    }

    /** Begins to ask the store whether it is there. */
    Future<Optional<Written>> check() {
        return thread.submit(
                () -> {
                    store.check();
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
