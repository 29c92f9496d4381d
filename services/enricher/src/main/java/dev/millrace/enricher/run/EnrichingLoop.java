package dev.millrace.enricher.run;

import dev.millrace.enricher.EnricherMeters;
import dev.millrace.enricher.EnricherSettings;
import dev.millrace.enricher.run.EnricherState.Phase;
import dev.millrace.enricher.table.TableLoader;
import dev.millrace.enricher.topology.JoinTopology;
import dev.millrace.pipeline.event.AvroEncoder;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.resource.StreamSpec.Format;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The enricher's life: waits for Kafka and the topics, loads the files of tables, runs the topology
 * for as long as it may, and begins again after any fault. Nothing that a server does ends it.
 */
public final class EnrichingLoop implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(EnrichingLoop.class);

    private final Plan plan;
    private final Supplier<Admin> admins;
    private final TableLoader loader;
    private final Map<String, Object> configuration;
    private final EnricherSettings settings;
    private final EnricherMeters meters;
    private final Schemas schemas;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Thread thread;
    private volatile Session session;
    private volatile boolean stopping;
    private volatile EnricherState state = new EnricherState(Phase.STARTING, "It is starting");

    /**
     * A loop that does not run yet.
     *
     * @param configuration of Kafka Streams
     * @param schemas where those of Avro are; null for a plan without
     */
    public EnrichingLoop(
            Plan plan,
            Supplier<Admin> admins,
            TableLoader loader,
            Map<String, Object> configuration,
            EnricherSettings settings,
            EnricherMeters meters,
            Schemas schemas) {
        this.plan = plan;
        this.admins = admins;
        this.loader = loader;
        this.configuration = configuration;
        this.settings = settings;
        this.meters = meters;
        this.schemas = schemas;
        meters.watchLag(
                () -> {
                    Session running = session;
                    return running == null ? 0 : running.lag();
                });
    }

    /** What it is doing now. */
    public EnricherState state() {
        Session running = session;
        if (running == null || state.phase() != Phase.JOINING) {
            return state;
        }
        return running.isRunning()
                ? new EnricherState(Phase.RUNNING, null)
                : new EnricherState(
                        Phase.JOINING,
                        running.reason() == null
                                ? "It reads its tables and takes its partitions"
                                : running.reason());
    }

    @Override
    public void start() {
        if (plan.derived().isEmpty()) {
            state = new EnricherState(Phase.IDLE, "No stream of the pipeline is made from another");
            stopped.countDown();
            return;
        }
        thread = Thread.ofPlatform().name("enricher").daemon(true).start(this::run);
    }

    private void run() {
        Duration pause = settings.retryFirst();
        try {
            while (!stopping) {
                long from = System.nanoTime();
                String reason;
                try {
                    prepare();
                    reason = enrich();
                } catch (RuntimeException | ExecutionException e) {
                    reason = Session.root(e);
                    log.debug("The enricher cannot go on", e);
                }
                if (stopping) {
                    break;
                }
                if (System.nanoTime() - from > 4 * settings.retryLongest().toNanos()) {
                    pause = settings.retryFirst();
                }
                state = new EnricherState(Phase.WAITING, reason);
                log.warn("Waiting {} ms before the next try: {}", pause.toMillis(), reason);
                Thread.sleep(pause);
                Duration twice = pause.multipliedBy(2);
                pause =
                        twice.compareTo(settings.retryLongest()) < 0
                                ? twice
                                : settings.retryLongest();
            }
        } catch (InterruptedException e) {
            log.debug("Interrupted to stop");
        } finally {
            state = new EnricherState(Phase.STOPPED, "It has stopped");
            stopped.countDown();
        }
    }

    private void prepare() throws InterruptedException, ExecutionException {
        if (state.phase() != Phase.WAITING) {
            state =
                    new EnricherState(
                            Phase.STARTING, "Kafka has not answered yet, or a topic is missing");
        }
        try (Admin admin = admins.get()) {
            Topics.ensure(admin, plan);
            Topics.ensureTables(admin, plan);
        }
        for (StreamPlan stream : plan.derived()) {
            if (stream.format() == Format.avro) {
                new AvroEncoder(stream, schemas).register();
            }
        }
        for (TablePlan table : plan.tables()) {
            if (table.source() instanceof TablePlan.File file) {
                state = new EnricherState(Phase.LOADING, "It loads the table " + table.name());
                loader.load(table, file, settings.tableFolder());
            }
            if (table.source() instanceof TablePlan.Capture capture) {
                state =
                        new EnricherState(
                                Phase.LOADING,
                                "It waits for the rows of the table "
                                        + table.name()
                                        + ", which are captured from "
                                        + capture.qualified()
                                        + " at "
                                        + capture.database().host()
                                        + "; where that is followed and none come, the table is empty, is not there, or the user may not select from it");
                loader.awaitCaptured(table);
            }
        }
    }

    /** Runs the topology; returns what ended it. */
    private String enrich() throws InterruptedException {
        JoinTopology topology = new JoinTopology(plan, meters, settings.tableRows(), schemas);
        try (Session running = new Session(configuration, topology, settings, meters)) {
            session = running;
            state = new EnricherState(Phase.JOINING, null);
            if (!stopping) {
                running.run();
            }
            return running.reason();
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The topology cannot be built: " + e.getMessage(), e);
        } finally {
            session = null;
        }
    }

    @Override
    public void stop() {
        stopping = true;
        Thread running = thread;
        if (running == null) {
            return;
        }
        Session current = session;
        if (current != null) {
            current.close();
        } else {
            running.interrupt();
        }
        try {
            if (!stopped.await(settings.stop().toMillis() * 2, TimeUnit.MILLISECONDS)) {
                log.warn("Kafka does not answer; what was not committed will be made again");
                running.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
