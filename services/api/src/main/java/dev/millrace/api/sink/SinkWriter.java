package dev.millrace.api.sink;

import com.mongodb.MongoException;

import dev.millrace.api.history.BucketSource;
import dev.millrace.api.history.History;
import dev.millrace.api.history.Progress;
import dev.millrace.api.history.ProgressStore;
import dev.millrace.api.history.Rollups;
import dev.millrace.api.worker.Worker;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.SinkPlan;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes one sink in a thread of its own, by connections of its own, for a part of the time only,
 * so that neither live numbers nor history wait for it.
 */
final class SinkWriter extends Worker {
    private static final Logger log = LoggerFactory.getLogger(SinkWriter.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Plan plan;
    private final SinkPlan sink;
    private final InfluxClient client;
    private final History history;
    private final Supplier<ProgressStore> progress;
    private final Supplier<BucketSource> redis;
    private final SinkSettings settings;
    private final SinkLog events;
    private final String holder = UUID.randomUUID().toString();
    private final SinkArchive archive;
    private final Rollups rollups;
    private BucketSource source;
    private MissedBuckets missed;
    private boolean filled;

    /**
     * A writer that does not run yet.
     *
     * @param redis connects; may fail while Redis is away
     */
    SinkWriter(
            Plan plan,
            SinkPlan sink,
            InfluxClient client,
            History history,
            Supplier<BucketSource> redis,
            SinkSettings settings,
            SinkLog events) {
        super(
                Thread.ofPlatform()
                        .daemon()
                        .name("millrace-sink-" + sink.name())
                        .priority(Thread.MIN_PRIORITY));
        this.plan = plan;
        this.sink = sink;
        this.client = client;
        this.history = history;
        this.redis = redis;
        this.settings = settings;
        this.events = events;
        this.progress = progress(sink, history);
        this.archive = new SinkArchive(sink, client, progress, settings.batch(), events);
        // all groups: one that came and went would leave a point behind
        this.rollups = new Rollups(plan, archive, holder, settings.lease(), Integer.MAX_VALUE);
    }

    private static Supplier<ProgressStore> progress(SinkPlan sink, History history) {
        if (!history.hasStore()) {
            MemoryProgress memory = new MemoryProgress();
            return () -> memory;
        }
        StringBuilder target = new StringBuilder();
        target.append(sink.url()).append('\n');
        target.append(sink.database()).append('\n');
        target.append(sink.org()).append('\n').append(sink.bucket());
        sink.metrics().forEach(metric -> target.append('\n').append(metric.name()));
        return () -> history.progress("sink|" + sink.name(), target.toString());
    }

    @Override
    protected void end() {
        disconnect();
        release();
        client.close();
    }

    private void release() {
        try {
            progress.get().release(holder);
        } catch (RuntimeException e) {
            log.debug("The lease of sink {} ends by itself", sink.name(), e);
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
            if (source == null) {
                rollups.forget();
                source = new WantedBuckets(sink, redis.get());
            }
            more = filled ? step() : fill();
            if (recovered()) {
                log.info("Sink {} is written again", sink.name());
            }
        } catch (SinkUnavailableException e) {
            // what was being written is pending still
            return failed(e.getMessage(), e.pause(), e);
        } catch (RuntimeException e) {
            disconnect();
            rollups.forget();
            return failed(
                    (e instanceof MongoException ? "Mongo fails: " : "Redis fails: ")
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    Duration.ZERO,
                    e);
        }
        Duration rest = rest(begin, settings.share());
        return more ? rest : longer(rest, settings.every());
    }

    private boolean step() throws InterruptedException {
        Rollups.Step step = rollups.step(source, Instant.now());
        events.step(step.obstacle(), rollups.pending());
        if (!step.isMore()) {
            noteCompletion();
        }
        // after a wait something may be missing
        filled = step.obstacle() == null;
        return step.isMore();
    }

    private void noteCompletion() {
        Progress known = rollups.progress();
        Progress noted = known == null ? progress.get().noted() : known;
        if (noted != null) {
            events.complete(noted.asOf());
        }
    }

    /** After a while without writing: what history has, and Redis no longer. */
    private boolean fill() throws InterruptedException {
        Progress known = archive.acquire(holder, Instant.now(), settings.lease());
        if (known == null) {
            events.step("another replica writes it", 0);
            noteCompletion();
            return false;
        }
        if (missed == null) {
            History.State past = past(known);
            if (past == null) {
                filled = true;
                return true;
            }
            missed = MissedBuckets.since(known, past, plan, sink, history);
        }
        MissedBuckets filling = missed;
        // begun anew where this fails
        missed = null;
        archive.write(filling.next(source));
        missed = filling.isDone() ? null : filling;
        filled = filling.isDone();
        events.step(null, 0);
        return true;
    }

    /** The state of history where the sink may have missed something of it; else {@code null}. */
    private History.State past(Progress known) {
        if (known.asOf() == 0 || history.obstacle().isPresent()) {
            return null;
        }
        return history.state().filter(state -> state.asOf() > known.asOf()).orElse(null);
    }

    private Duration failed(String reason, Duration asked, RuntimeException e) {
        events.failed(reason);
        filled = false;
        if (isStopping()) {
            return Duration.ZERO;
        }
        if (isHealthy()) {
            log.warn("Sink {} cannot be written; trying on until it can. {}", sink.name(), reason);
            log.debug("Sink {} cannot be written", sink.name(), e);
        }
        return longer(backOff(settings.every(), LONGEST_PAUSE), asked);
    }
}
