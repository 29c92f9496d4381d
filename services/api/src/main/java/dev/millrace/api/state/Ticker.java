package dev.millrace.api.state;

import dev.millrace.api.ApiMeters;
import dev.millrace.api.ApiSettings;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshots;
import dev.millrace.api.worker.Worker;
import dev.millrace.pipeline.plan.Plan;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * The one thread that reads Redis, however many clients ask: it makes a snapshot each tick. While
 * Redis is away it goes on with the last numbers and what the audit records, or with those of
 * history where these are newer, marked as degraded, and tries on until Redis is back.
 */
public final class Ticker extends Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Ticks shall take a fifth of the time of this thread and of Redis at most... */
    private static final int IDLE_SHARE = 4;

    /** ...but numbers shall not be much older than they need be after one slow tick. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    /** One tick that a pause delayed says little of the next. */
    private static final int SMOOTHED_OVER = 8;

    private final StateReader reader;
    private final LettuceConnectionFactory factory;
    private final ApiSettings settings;
    private final ApiMeters meters;
    private final Clock clock;
    private final PastReader past;
    private final AuditReader audit;
    private final Snapshots snapshots;
    private volatile long lastReadNanos;
    private volatile boolean hasRead;
    private volatile boolean behind;
    private volatile int buckets;
    private Duration usuallyTook = Duration.ZERO;
    private StateConnection connection;

    /**
     * A reader of the plan's state in the Redis of a connection factory.
     *
     * @param past what is answered from while Redis is away...
     * @param audit ...and what was recorded since
     */
    public Ticker(
            Plan plan,
            LettuceConnectionFactory factory,
            ApiSettings settings,
            ApiMeters meters,
            Clock clock,
            PastReader past,
            AuditReader audit) {
        super(Thread.ofPlatform().name("millrace-api-ticker"));
        this.reader = new StateReader(plan);
        this.factory = factory;
        this.settings = settings;
        this.meters = meters;
        this.clock = clock;
        this.past = past;
        this.audit = audit;
        this.snapshots = new Snapshots(reader.last());
        this.lastReadNanos = System.nanoTime();
        meters.watchReader(() -> (System.nanoTime() - lastReadNanos) / 1e9, () -> buckets);
    }

    /** Where its snapshots are. */
    public Snapshots snapshots() {
        return snapshots;
    }

    /** Whether Redis, or history in its place, has been read at least once. */
    public boolean hasRead() {
        return hasRead;
    }

    /** Whether Redis holds the numbers of another manifest, until this one's have caught up. */
    public boolean isBehind() {
        return behind;
    }

    /** One tick. */
    @Override
    protected Duration work() throws InterruptedException {
        long begin = System.nanoTime();
        try {
            connect();
            snapshots.publish(
                    reader.read(connection, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        } catch (RuntimeException e) {
            return failed(e);
        }
        long end = System.nanoTime();
        lastReadNanos = end;
        hasRead = true;
        behind = reader.isBehind();
        buckets = reader.buckets();
        if (recovered()) {
            LOG.info("Redis answers again");
            audit.end();
        }
        Duration took = Duration.ofNanos(end - begin);
        meters.tick(took);
        usuallyTook = usuallyTook.plus(took.minus(usuallyTook).dividedBy(SMOOTHED_OVER));
        Duration rest = min(usuallyTook.multipliedBy(IDLE_SHARE), LONGEST_REST);
        return longer(rest, settings.tick().minus(took));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private void connect() {
        if (connection != null && connection.isBroken()) {
            disconnect();
        }
        if (connection == null) {
            StateConnection opened = StateConnection.open(factory, settings.patience());
            // not before Redis is back: until then it is what the audit's records are added to
            reader.reset();
            connection = opened;
        }
    }

    @Override
    protected void end() {
        disconnect();
        audit.end();
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private Duration failed(RuntimeException e) throws InterruptedException {
        disconnect();
        meters.redisError();
        if (isHealthy()) {
            LOG.warn("Redis cannot be read; trying on until it can: {}", rootCause(e).toString());
            LOG.debug("Redis cannot be read", e);
            audit.begin(reader.last(), reader.handOver());
        }
        readPast();
        readAudit();
        Snapshot last = reader.last();
        boolean none = last.at().equals(Instant.EPOCH);
        snapshots.publish(reader.degraded(reason(last, none), none ? null : last.at()));
        return backOff(settings.tick().multipliedBy(2), LONGEST_PAUSE);
    }

    private String reason(Snapshot last, boolean none) {
        String uncounted =
                audit.obstacle()
                        .map(
                                obstacle ->
                                        " Of the audit's records not all is counted: "
                                                + obstacle
                                                + ".")
                        .orElse("");
        if (none) {
            return "Redis does not answer, so there are no numbers yet; they appear by themselves"
                    + " once it does."
                    + uncounted;
        }
        long at = last.at().toEpochMilli();
        String source = "";
        if (audit.made() == at) {
            source = ", with what the audit has recorded until then";
        } else if (past.made() == at) {
            source = ", from history in Mongo";
        }
        return "Redis does not answer: these are the numbers of "
                + TIME.format(last.at())
                + " UTC"
                + source
                + ". They move on by themselves once it does."
                + uncounted;
    }

    /** Goes on with history where that is newer: another replica may still write it. */
    private void readPast() {
        try {
            past.read(reader.last()).ifPresent(this::use);
        } catch (RuntimeException e) {
            LOG.debug("History cannot be read in place of Redis", e);
        }
    }

    /** Goes on with what the audit records; why it does not, it tells itself. */
    private void readAudit() throws InterruptedException {
        try {
            audit.read(reader.last()).ifPresent(this::use);
        } catch (RuntimeException e) {
            LOG.debug("The audit's records cannot be counted in place of Redis", e);
        }
    }

    private void use(Snapshot snapshot) {
        reader.use(snapshot.version(reader.last().version() + 1));
        hasRead = true;
    }

    private static Throwable rootCause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause;
    }
}
