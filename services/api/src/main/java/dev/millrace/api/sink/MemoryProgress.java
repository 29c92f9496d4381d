package dev.millrace.api.sink;

import dev.millrace.api.history.Progress;
import dev.millrace.api.history.ProgressStore;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Progress where there is no Mongo: it is gone with the process, and the next one writes all that
 * Redis has anew, which replaces the same points.
 */
final class MemoryProgress implements ProgressStore {
    private Progress progress;

    @Override
    public synchronized Progress acquire(String holder, Instant now, Duration lease) {
        if (progress == null) {
            progress = Progress.first(TimeUnit.MILLISECONDS.toMinutes(now.toEpochMilli()));
        }
        return progress;
    }

    @Override
    public synchronized boolean save(String holder, long epoch, Progress next) {
        if (progress == null || progress.epoch() != epoch) {
            return false;
        }
        progress = next;
        return true;
    }

    @Override
    public void release(String holder) {
        // nobody else wants it
    }

    @Override
    public synchronized Progress noted() {
        return progress;
    }
}
