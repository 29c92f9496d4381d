package dev.millrace.embedded.documents;

import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Removes what has expired, once a minute as MongoDB does, and gives up idle cursors. */
final class Expiry implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Expiry.class);
    private static final int EVERY_SECONDS = 60;

    /** Documents removed while others wait for the collection. */
    private static final int AT_ONCE = 500;

    private final Collection<DocumentDatabase> databases;
    private final MVStore file;
    // an interrupt would close the file
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Starts.
     *
     * @param databases those of now, whenever it is asked
     */
    Expiry(Collection<DocumentDatabase> databases, MVStore file) {
        this.databases = databases;
        this.file = file;
        this.thread = Thread.ofPlatform().daemon().name("mongo-expiry").start(this::run);
    }

    private void run() {
        try {
            while (!closed.await(EVERY_SECONDS, TimeUnit.SECONDS)) {
                try {
                    sweep(Instant.now());
                } catch (RuntimeException e) {
                    log.warn("What has expired is not removed now: {}", e.toString());
                }
            }
        } catch (InterruptedException _) {
            // nobody interrupts it but to end it
        }
    }

    /**
     * Removes all that has expired, in small parts, each of which is in the file then.
     *
     * @param now against which times in documents are compared
     */
    void sweep(Instant now) {
        for (var database : databases) {
            database.removeIdleCursors(System.nanoTime());
        }
        for (var database : databases) {
            for (var collection : database.collections()) {
                try {
                    sweep(collection, now);
                } catch (RuntimeException e) {
                    // others shall not wait for it
                    log.warn(
                            "What has expired in {} is not removed now: {}",
                            collection.getFullName(),
                            e.toString());
                }
            }
        }
    }

    private void sweep(DocumentCollection collection, Instant now) {
        while (closed.getCount() > 0 && collection.expire(now.toEpochMilli(), AT_ONCE) > 0) {
            file.commit();
            // else others that wait for the lock may not get it
            Thread.yield();
        }
    }

    /** Returns when nothing is removed any more. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
