package dev.millrace.audit.consume;

import dev.millrace.audit.AuditMeters;
import dev.millrace.audit.AuditSettings;
import dev.millrace.audit.AuditStatus;
import dev.millrace.audit.store.EventStore;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.backoff.BackOffExecution;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps events being recorded for as long as the application runs: whatever fails is tried again,
 * after pauses of 1 s to 30 s.
 */
public final class Recorder implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Recorder.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final Plan plan;
    private final AuditSettings settings;
    private final AuditMeters meters;
    private final AuditStatus status;
    private final Supplier<Admin> admins;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final EventStore store;
    private final Schemas schemas;

    private Thread thread;
    private CountDownLatch stop = new CountDownLatch(0);
    private Thread waitingForTopics;

    /**
     * Records a plan's events.
     *
     * @param admins makes a client that creates missing topics
     * @param consumers makes a consumer with {@link #consumerSettings}
     * @param schemas where those of Avro are; null for a plan without
     */
    public Recorder(
            Plan plan,
            AuditSettings settings,
            AuditMeters meters,
            AuditStatus status,
            Supplier<Admin> admins,
            Supplier<Consumer<byte[], byte[]>> consumers,
            EventStore store,
            Schemas schemas) {
        this.plan = plan;
        this.settings = settings;
        this.meters = meters;
        this.status = status;
        this.admins = admins;
        this.consumers = consumers;
        this.store = store;
        this.schemas = schemas;
    }

    /**
     * What the consumer must be like: positions are committed after writing, and sought by the
     * recorder; what a transaction took back is not read; and what it holds in memory is bounded.
     */
    public static Map<String, Object> consumerSettings(Plan plan) {
        return Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                plan.name() + "-audit",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                2_000,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                4 << 20,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                1 << 20,
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                30_000);
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            stop = new CountDownLatch(1);
            thread = Thread.ofPlatform().name("audit").start(this::run);
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Returns when what waits is written, the position is committed, and the group is left. */
    @Override
    public void stop() {
        Thread running = askToStop();
        if (running == null) {
            return;
        }
        try {
            if (!running.join(STOP)) {
                log.warn("The audit did not stop within {} s", STOP.toSeconds());
                running.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            thread = null;
        }
    }

    @Override
    public void stop(Runnable callback) {
        askToStop();
        Thread.startVirtualThread(
                () -> {
                    stop();
                    callback.run();
                });
    }

    private synchronized Thread askToStop() {
        stop.countDown();
        if (waitingForTopics != null) {
            waitingForTopics.interrupt();
        }
        return thread;
    }

    private boolean goesOn() {
        return stop.getCount() > 0;
    }

    private void run() {
        BackOffExecution pauses = Pauses.between(FIRST_PAUSE, LONGEST_PAUSE);
        try (StoreWriter writer = new StoreWriter(store, meters)) {
            while (goesOn()) {
                long start = System.nanoTime();
                try {
                    ensureTopics();
                    record(writer);
                } catch (ExecutionException | RuntimeException e) {
                    if (e instanceof InterruptException) {
                        throw new InterruptedException();
                    }
                    if (System.nanoTime() - start > LONGEST_PAUSE.toNanos()) {
                        pauses = Pauses.between(FIRST_PAUSE, LONGEST_PAUSE);
                    }
                    long pause = pauses.nextBackOff();
                    report(e, pause);
                    if (stop.await(pause, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            log.debug("Told to stop", e);
        } finally {
            status.notReading("The audit has stopped");
        }
    }

    private void record(StoreWriter writer) {
        try (Session session =
                new Session(plan, settings, meters, status, consumers.get(), writer, schemas)) {
            session.run(this::goesOn);
        }
    }

    private void ensureTopics() throws InterruptedException, ExecutionException {
        synchronized (this) {
            if (!goesOn()) {
                throw new InterruptedException();
            }
            waitingForTopics = Thread.currentThread();
        }
        status.notReading("Waiting for Kafka and the pipeline's topics");
        try (Admin admin = admins.get()) {
            Topics.ensure(admin, plan);
        } finally {
            synchronized (this) {
                waitingForTopics = null;
            }
        }
    }

    private void report(Exception failure, long pause) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String reason = "Kafka cannot be read: " + cause.getMessage();
        status.notReading(reason);
        log.warn("{}. Trying again in {} s", reason, (pause + 500) / 1_000);
        log.debug("Kafka cannot be read", cause);
    }
}
