package dev.millrace.audit.consume;

import dev.millrace.audit.AuditMeters;
import dev.millrace.audit.AuditSettings;
import dev.millrace.audit.AuditStatus;
import dev.millrace.audit.document.Entry;
import dev.millrace.audit.store.StoreUnavailableException;
import dev.millrace.audit.store.Written;
import dev.millrace.pipeline.plan.Plan;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.backoff.BackOffExecution;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Gathers events and hands them to the writer, one batch after the other; a batch that the store
 * does not take is handed over again after a pause. For one thread.
 */
final class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /** So that the next batch follows soon when one is written. */
    private static final Duration POLL_WHILE_WRITING = Duration.ofMillis(5);

    private final Plan plan;
    private final AuditSettings settings;
    private final AuditMeters meters;
    private final AuditStatus status;
    private final StoreWriter writer;
    private final Commits commits;
    private final Waiting waiting = new Waiting();

    /** What is being written, or was not written and is to be tried again. */
    private List<Entry> batch = List.of();

    private long batchBytes;

    /** The write or check under way, if any. */
    private Future<Optional<Written>> writing;

    private BackOffExecution pauses;
    private boolean away;
    private boolean full;
    private long notBefore = System.nanoTime();
    private long asked;

    /** A delivery of nothing yet; what is written is committed. */
    Delivery(
            Plan plan,
            AuditSettings settings,
            AuditMeters meters,
            AuditStatus status,
            StoreWriter writer,
            Commits commits) {
        this.plan = plan;
        this.settings = settings;
        this.meters = meters;
        this.status = status;
        this.writer = writer;
        this.commits = commits;
        this.asked = System.nanoTime() - settings.idle().toNanos();
    }

    void add(Entry entry) {
        waiting.add(entry);
    }

    /** How many events are not written. */
    int size() {
        return waiting.size() + batch.size();
    }

    /** What they take in memory, roughly. */
    long bytes() {
        return waiting.bytes() + batchBytes;
    }

    /** Whether no more is to be read; as it was {@link #measure measured} last. */
    boolean isFull() {
        return full;
    }

    /** Finds whether memory is full: then until half of it is free again. */
    void measure() {
        long most = settings.waiting().toBytes();
        full = bytes() >= most || (full && bytes() > most / 2);
    }

    /** How long reading may wait for events before there is something to do here. */
    Duration pause() {
        if (writing != null) {
            return POLL_WHILE_WRITING;
        }
        long now = System.nanoTime();
        long left = POLL.toNanos();
        if (notBefore - now > 0) {
            left = notBefore - now;
        } else if (!waiting.isEmpty()) {
            left = waiting.oldest() + plan.audit().flush().toNanos() - now;
        }
        return Duration.ofNanos(Math.clamp(left, 0, POLL.toNanos()));
    }

    private boolean isDue() {
        return !waiting.isEmpty()
                && (full
                        || waiting.size() >= plan.audit().batch()
                        || System.nanoTime() - waiting.oldest() >= plan.audit().flush().toNanos());
    }

    /**
     * Begins to write what is due; where there is nothing, to ask the store now and then.
     *
     * @param read up to where partitions have been read: also behind records that are no events,
     *     such as the marks of transactions
     */
    void begin(Supplier<Map<TopicPartition, Long>> read) {
        begin(read, false);
    }

    private void begin(Supplier<Map<TopicPartition, Long>> read, boolean hurry) {
        long now = System.nanoTime();
        if (writing != null || now - notBefore < 0) {
            return;
        }
        if (batch.isEmpty() && (hurry ? !waiting.isEmpty() : isDue())) {
            setBatch(waiting.take(plan.audit().batch(), settings.bulk().toBytes()));
        }
        if (!batch.isEmpty()) {
            writing = writer.write(batch);
        } else if (away || now - asked >= settings.idle().toNanos()) {
            writing = writer.check(waiting.isEmpty() ? read.get() : Map.of());
        }
    }

    /** Takes note of a write that is done. */
    void settle() {
        if (writing == null || !writing.isDone()) {
            return;
        }
        Future<Optional<Written>> done = writing;
        writing = null;
        asked = System.nanoTime();
        if (done.state() == Future.State.SUCCESS) {
            done.resultNow().ifPresent(meters::written);
            succeeded();
        } else {
            failed(done.exceptionNow());
        }
    }

    private void succeeded() {
        if (away) {
            log.info("Mongo takes events again; {} wait", size());
        }
        away = false;
        pauses = null;
        status.answers();
        List<Entry> written = batch;
        setBatch(List.of());
        commits.written(written);
    }

    private void failed(Throwable failure) {
        if (pauses == null) {
            pauses = Pauses.between(settings.retryFirst(), settings.retryLongest());
        }
        long pause = pauses.nextBackOff();
        notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        meters.failedWrite();
        status.fails(failure.getMessage());
        boolean expected = failure instanceof StoreUnavailableException;
        if (!away) {
            log.warn(
                    "{}. Holding the position until it takes events again",
                    failure.getMessage(),
                    expected ? null : failure);
        }
        log.debug("Trying again in {} ms", pause, failure);
        away = true;
    }

    /** Writes what waits of partitions that go away, if that can be done in time. */
    void finish(Collection<TopicPartition> partitions, long deadline) {
        await(deadline);
        Waiting rest = new Waiting();
        waiting.takeAll(partitions).forEach(rest::add);
        while (writing == null && !away && !rest.isEmpty() && System.nanoTime() < deadline) {
            setBatch(rest.take(plan.audit().batch(), settings.bulk().toBytes()));
            writing = writer.write(batch);
            await(deadline);
        }
    }

    /** Writes all that waits, if that can be done in time. */
    void drain(Supplier<Map<TopicPartition, Long>> read, long deadline) {
        do {
            notBefore = System.nanoTime();
            begin(read, true);
            await(deadline);
        } while (writing == null && !away && !waiting.isEmpty() && System.nanoTime() < deadline);
        if (size() > 0) {
            log.info("{} events wait for Mongo still; they will be read again", size());
        }
    }

    /** Waits for the write under way, until a time on {@link System#nanoTime}'s clock. */
    private void await(long deadline) {
        if (writing == null) {
            return;
        }
        try {
            writing.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("Not written in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        settle();
    }

    /** Forgets partitions that are not ours: whoever has them reads again what is not committed. */
    void forget(Collection<TopicPartition> partitions) {
        waiting.takeAll(partitions);
        setBatch(batch.stream().filter(entry -> !partitions.contains(entry.partition())).toList());
    }

    private void setBatch(List<Entry> entries) {
        batch = entries;
        batchBytes = entries.stream().mapToLong(Entry::weight).sum();
    }
}
