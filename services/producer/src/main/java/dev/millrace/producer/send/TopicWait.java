package dev.millrace.producer.send;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.SchemaRefusedException;
import dev.millrace.pipeline.registry.SchemasUnavailableException;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Waits for Kafka and the pipeline's topics, for as long as it takes, and creates those topics that
 * are the pipeline's own; then for the schema registry, where events are Avro.
 */
public final class TopicWait implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(TopicWait.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Supplier<Admin> admins;
    private final Plan plan;
    private final Encodings encodings;
    private final CountDownLatch there = new CountDownLatch(1);
    private volatile String reason;
    private Thread thread;

    /**
     * A wait that begins with {@link #start()}.
     *
     * @param admins makes Kafka's client; may fail while Kafka's name cannot be resolved
     */
    public TopicWait(Supplier<Admin> admins, Plan plan, Encodings encodings) {
        this.admins = admins;
        this.plan = plan;
        this.encodings = encodings;
        this.reason =
                "Kafka has not answered yet, or a topic is missing; needed are "
                        + String.join(", ", plan.topics().keySet());
    }

    /** Why there is no sending yet; empty when all is there. */
    public Optional<String> obstacle() {
        return there.getCount() == 0 ? Optional.empty() : Optional.of(reason);
    }

    /** Returns when all topics are there. */
    public void await() throws InterruptedException {
        there.await();
    }

    @Override
    public synchronized void start() {
        if (thread == null && there.getCount() > 0) {
            thread = Thread.ofVirtual().name("producer-topics").start(this::run);
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                try (Admin admin = admins.get()) {
                    var created = Topics.ensure(admin, plan);
                    if (!created.isEmpty()) {
                        log.info("Created the topics {}", String.join(", ", created));
                    }
                    encodings.prepare();
                    there.countDown();
                    return;
                } catch (SchemasUnavailableException | SchemaRefusedException e) {
                    reason = e.getMessage();
                } catch (KafkaException e) {
                    reason = "Kafka cannot be reached: " + e.getMessage();
                } catch (ExecutionException e) {
                    reason = "Kafka does not give the topics: " + e.getCause().getMessage();
                }
                log.warn("{}; trying again in {} s", reason, pause.toSeconds());
                Thread.sleep(pause);
                Duration twice = pause.multipliedBy(2);
                pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
            }
        } catch (InterruptedException e) {
            log.debug("Stopped before the topics were there");
        }
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
