package dev.millrace.api.history;

import com.mongodb.MongoException;

import dev.millrace.api.worker.Worker;
import dev.millrace.pipeline.plan.Plan;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes history in a thread of its own, by connections of its own, for a part of the time only, so
 * that live numbers do not wait for it.
 */
public final class HistoryWriter extends Worker {
    private static final Logger log = LoggerFactory.getLogger(HistoryWriter.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration PURGE = Duration.ofHours(1);

    private final History history;
    private final Supplier<BucketSource> redis;
    private final HistorySettings settings;
    private final HistoryLog events;
    private final String holder = UUID.randomUUID().toString();
    private final Rollups rollups;
    private BucketSource source;
    private long purged;
    private boolean prepared;

    /**
     * A writer that does not run yet.
     *
     * @param redis connects; may fail while Redis is away
     */
    HistoryWriter(
            Plan plan,
            History history,
            Supplier<BucketSource> redis,
            HistorySettings settings,
            HistoryLog events) {
        super(Thread.ofPlatform().daemon().name("millrace-history").priority(Thread.MIN_PRIORITY));
        this.history = history;
        this.redis = redis;
        this.settings = settings;
        this.events = events;
        this.rollups = new Rollups(plan, new Store(), holder, settings.lease());
    }

    /** The store of the moment: it is made when Mongo is first needed. */
    private final class Store implements Archive {
        @Override
        public Progress acquire(String who, Instant now, Duration lease) {
            return history.store().acquire(who, now, lease);
        }

        @Override
        public boolean save(String who, long epoch, Progress progress) {
            return history.store().save(who, epoch, progress);
        }

        @Override
        public void write(List<Entry> entries) {
            history.store().write(entries);
        }

        @Override
        public Map<Bucket, Rollup> read(Collection<Bucket> buckets) {
            return history.store().read(buckets);
        }
    }

    @Override
    public synchronized void start() {
        if (!settings.enabled()) {
            events.waits("it is switched off here: millrace.api.history.enabled is false");
        } else if (history.obstacle().isPresent()) {
            events.waits(history.obstacle().get());
        } else {
            super.start();
        }
    }

    @Override
    protected void end() {
        disconnect();
        try {
            history.store().release(holder);
        } catch (RuntimeException e) {
            log.debug("The lease of history ends by itself", e);
        }
    }

    private void disconnect() {
        if (source != null) {
            source.close();
            source = null;
        }
    }

    @Override
    protected Duration work() throws InterruptedException {
        long begin = System.nanoTime();
        boolean more;
        try {
            HistoryStore store = history.store();
            if (!prepared) {
                store.prepare();
                prepared = true;
            }
            if (source == null) {
                rollups.forget();
                source = redis.get();
            }
            Rollups.Step step = rollups.step(source, Instant.now());
            more = step.isMore();
            events.step(step, rollups.pending());
            if (!more) {
                note(store, step);
            }
            if (recovered()) {
                log.info("History is written again");
            }
        } catch (RuntimeException e) {
            return failed(e);
        }
        Duration rest = rest(begin, settings.share());
        return more ? rest : longer(rest, settings.every());
    }

    /** Tells how far history is, and removes what is too old now and then. */
    private void note(HistoryStore store, Rollups.Step step) {
        Progress progress = rollups.progress();
        if (progress == null) {
            progress = store.noted();
        }
        if (progress != null) {
            events.complete(progress.asOf());
        }
        long now = System.nanoTime();
        if (step.obstacle() == null && (purged == 0 || now - purged > PURGE.toNanos())) {
            purged = now;
            long gone = store.purge(Instant.now());
            if (gone > 0) {
                log.debug("{} old documents of history are removed", gone);
            }
        }
    }

    private Duration failed(RuntimeException e) {
        disconnect();
        rollups.forget();
        String reason =
                (e instanceof MongoException ? "Mongo fails: " : "Redis fails: ")
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        events.failed(reason);
        if (isHealthy()) {
            log.warn("History cannot be written; trying on until it can. {}", reason);
            log.debug("History cannot be written", e);
        }
        return backOff(settings.every(), LONGEST_PAUSE);
    }
}
