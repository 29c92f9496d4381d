package dev.millrace.api.state;

import com.mongodb.MongoException;

import dev.millrace.api.history.History;
import dev.millrace.api.mongo.MongoStore;
import dev.millrace.api.window.Snapshot;
import dev.millrace.pipeline.plan.Plan;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Counts the audit's records while Redis is away, in a thread of its own and for a part of the time
 * only. All methods are for one thread.
 */
public final class AuditReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditReader.class);

    private final Plan plan;
    private final History history;
    private final MongoStore mongo;
    private final String events;
    private final RecountSettings settings;
    private final Clock clock;
    private ExecutorService thread;
    private Attempt attempt;
    private Future<Recounting.Outcome> pass;
    private Recounting.Outcome outcome = Recounting.Outcome.NONE;
    private long notBefore;
    private long made;

    /**
     * A reader that has nothing to do yet.
     *
     * @param mongo the audit's store, closed with this; without one there is nothing to count
     * @param events the audit's collection
     */
    public AuditReader(
            Plan plan,
            History history,
            MongoStore mongo,
            String events,
            RecountSettings settings,
            Clock clock) {
        this.plan = plan;
        this.history = history;
        this.mongo = mongo;
        this.events = events;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Redis is away from now on.
     *
     * @param known the last numbers
     * @param read what was read for them; empty where the numbers are not known as of positions
     */
    void begin(Snapshot known, Map<String, MetricState> read) {
        end();
        if (settings.enabled() && mongo.isGiven()) {
            attempt = new Attempt(known, read);
            thread =
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform()
                                    .daemon()
                                    .name("millrace-recount")
                                    .priority(Thread.MIN_PRIORITY)
                                    .factory());
            notBefore = System.nanoTime();
        }
    }

    /** Redis is back: what was counted is forgotten, what is under way is left. */
    void end() {
        if (thread != null) {
            thread.shutdownNow();
        }
        thread = null;
        attempt = null;
        pass = null;
        outcome = Recounting.Outcome.NONE;
    }

    /**
     * New numbers, where the records have given any since it was last asked; does not wait for
     * them.
     *
     * @param last what is answered now
     */
    Optional<Snapshot> read(Snapshot last) throws InterruptedException {
        if (attempt == null) {
            return Optional.empty();
        }
        Optional<Snapshot> next = Optional.empty();
        if (pass != null && pass.isDone()) {
            next = settle();
        }
        if (pass == null && System.nanoTime() - notBefore >= 0) {
            Attempt one = attempt;
            pass = thread.submit(() -> one.pass(last));
        }
        return next.filter(snapshot -> !snapshot.at().isBefore(last.at()));
    }

    /** A recount that is made in its own thread: the store's name may not be found, or slowly. */
    private final class Attempt {
        private final Snapshot known;
        private final Map<String, MetricState> read;
        private Recounting recounting;

        Attempt(Snapshot known, Map<String, MetricState> read) {
            this.known = known;
            this.read = read;
        }

        Recounting.Outcome pass(Snapshot last) {
            long begin = System.nanoTime();
            if (recounting == null) {
                recounting =
                        new Recounting(
                                plan,
                                history,
                                mongo.database(),
                                events,
                                settings,
                                clock,
                                known,
                                read);
            }
            return recounting.pass(last).took(System.nanoTime() - begin);
        }
    }

    private Optional<Snapshot> settle() throws InterruptedException {
        Future<Recounting.Outcome> done = pass;
        pass = null;
        try {
            outcome = done.get();
        } catch (ExecutionException e) {
            LOG.debug("The audit's records cannot be counted", e);
            outcome = Recounting.Outcome.failed(reason(e.getCause()), settings.longest());
        }
        long rest = (long) (outcome.nanos() * (1 - settings.share()) / settings.share());
        notBefore = System.nanoTime() + Math.max(rest, settings.every().toNanos());
        outcome.snapshot().ifPresent(snapshot -> made = snapshot.at().toEpochMilli());
        return outcome.snapshot();
    }

    private static String reason(Throwable cause) {
        return cause instanceof MongoException
                ? "Mongo fails: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse("")
                : "counting them failed: " + cause;
    }

    /** When the last snapshot is of, in milliseconds since 1970; 0 where none was made. */
    long made() {
        return made;
    }

    /** Why the records are not counted, or not all of them; empty where they are. */
    Optional<String> obstacle() {
        return Optional.ofNullable(outcome.obstacle());
    }

    @Override
    public void close() {
        mongo.close();
    }
}
