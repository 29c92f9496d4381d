package dev.millrace.api.window;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The newest snapshot, for all who answer from it. */
public final class Snapshots {
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Snapshot newest;

    /** Begins with a snapshot that may hold nothing. */
    public Snapshots(Snapshot first) {
        this.newest = first;
    }

    /** The newest one. */
    public Snapshot newest() {
        return newest;
    }

    /** Replaces it, and wakes those who wait when more than the time differs. */
    public void publish(Snapshot next) {
        lock.lock();
        try {
            boolean differs = next.version() != newest.version();
            newest = next;
            if (differs) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for another version than this one, but not longer than a time. */
    public Snapshot await(long version, Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lockInterruptibly();
        try {
            while (newest.version() == version && left > 0) {
                left = changed.awaitNanos(left);
            }
            return newest;
        } finally {
            lock.unlock();
        }
    }
}
