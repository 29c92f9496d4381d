package dev.millrace.processor.loop;

import dev.millrace.pipeline.topic.Topics;
import dev.millrace.processor.ProcessorMeters;
import dev.millrace.processor.ProcessorSettings;
import dev.millrace.processor.loop.ProcessorState.Phase;
import dev.millrace.processor.state.SupersededException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The processor's thread: waits for its servers, counts for as long as it may, and begins again
 * after any fault. Nothing that a server does ends it.
 */
public final class ProcessingLoop implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ProcessingLoop.class);

    private final Counting counting;
    private final Supplier<Admin> admins;
    private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
    private final ProcessorSettings settings;
    private final ProcessorMeters meters;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Thread thread;
    private volatile PartitionCounting current;
    private volatile boolean stopping;
    private volatile ProcessorState state = new ProcessorState(Phase.STARTING, "It is starting");

    /** A loop that does not run yet. */
    public ProcessingLoop(
            Counting counting,
            Supplier<Admin> admins,
            Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
            ProcessorSettings settings,
            ProcessorMeters meters) {
        this.counting = counting;
        this.admins = admins;
        this.consumers = consumers;
        this.settings = settings;
        this.meters = meters;
        meters.watch(
                () -> current == null ? 0 : current.partitions(),
                () -> current == null ? 0 : current.lag());
    }

    /** What it is doing now. */
    public ProcessorState state() {
        PartitionCounting counted = current;
        return counted == null || state.phase() != Phase.COUNTING ? state : counted.state();
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().name("processor").daemon(true).start(this::run);
    }

    private void run() {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(15));
        try {
            while (!stopping) {
                try {
                    prepare();
                    backoff.reset();
                    count();
                } catch (SupersededException e) {
                    state = new ProcessorState(Phase.SUPERSEDED, e.getMessage());
                    log.error(e.getMessage());
                    return;
                } catch (WakeupException e) {
                    log.debug("Woken up to stop");
                } catch (RuntimeException | ExecutionException e) {
                    Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
                    Duration pause = backoff.next();
                    state = new ProcessorState(Phase.WAITING, cause.getMessage());
                    log.warn(
                            "Waiting {} ms before the next try: {}",
                            pause.toMillis(),
                            cause.toString());
                    Thread.sleep(pause);
                }
            }
        } catch (InterruptedException | InterruptException e) {
            log.debug("Interrupted to stop");
        } finally {
            if (state.phase() != Phase.SUPERSEDED) {
                state = new ProcessorState(Phase.STOPPED, "It has stopped");
            }
            stopped.countDown();
        }
    }

    private void prepare() throws InterruptedException, ExecutionException {
        try (Admin admin = admins.get()) {
            Topics.ensure(admin, counting.plan());
        }
        if (counting.store().begin()) {
            log.info("The state in Redis is new: counting begins with the oldest events in Kafka");
        }
    }

    private void count() {
        try (PartitionCounting counted =
                new PartitionCounting(counting, consumers.get(), settings, meters)) {
            current = counted;
            state = new ProcessorState(Phase.COUNTING, null);
            while (!stopping) {
                counted.step();
            }
        } finally {
            current = null;
        }
    }

    @Override
    public void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        stopping = true;
        PartitionCounting counted = current;
        if (counted != null) {
            counted.wakeup();
        } else {
            running.interrupt();
        }
        try {
            if (!stopped.await(
                    settings.stopTimeout().multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("The last flush is not answered; what it held will be read again");
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
