package dev.millrace.enricher.run;

import dev.millrace.enricher.EnricherMeters;
import dev.millrace.enricher.EnricherSettings;
import dev.millrace.enricher.topology.JoinTopology;

import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.config.KafkaStreamsConfiguration;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * One run of the topology, from its start to a fault that it cannot mend by itself. A thread that
 * fails is replaced; where that happens too often, or to what reads the tables, the run ends.
 */
final class Session implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Session.class);
    private static final Duration WHILE = Duration.ofMinutes(1);
    private static final int REPLACED = 5;

    private final StreamsBuilderFactoryBean factory;
    private final EnricherSettings settings;
    private final EnricherMeters meters;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Deque<Long> failures = new ArrayDeque<>();
    private volatile KafkaStreams streams;
    private volatile boolean closing;
    private volatile String reason;

    /** A run that has not started yet. */
    Session(
            Map<String, Object> configuration,
            JoinTopology topology,
            EnricherSettings settings,
            EnricherMeters meters)
            throws Exception {
        this.settings = settings;
        this.meters = meters;
        this.factory = new StreamsBuilderFactoryBean(new KafkaStreamsConfiguration(configuration));
        factory.setBeanName("enricher");
        factory.setKafkaStreamsCustomizer(this::started);
        factory.setStreamsUncaughtExceptionHandler(this::failed);
        factory.setStateListener((now, _) -> changed(now));
        factory.afterPropertiesSet();
        topology.addTo(factory.getObject());
        factory.afterSingletonsInstantiated();
    }

    private void started(KafkaStreams running) {
        streams = running;
        if (closing) {
            close();
        }
    }

    private synchronized StreamThreadExceptionResponse failed(Throwable failure) {
        long now = System.nanoTime();
        failures.removeIf(then -> now - then > WHILE.toNanos());
        failures.add(now);
        reason = root(failure);
        meters.restarted();
        boolean replace = failures.size() <= REPLACED && !(failure instanceof Error);
        log.warn(
                "A thread has failed and {}: {}",
                replace ? "is replaced" : "all begin anew",
                reason,
                failure);
        return replace
                ? StreamThreadExceptionResponse.REPLACE_THREAD
                : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** What is behind a failure, for a person. */
    static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private void changed(KafkaStreams.State now) {
        if (now == KafkaStreams.State.PENDING_ERROR
                || now == KafkaStreams.State.ERROR
                || now == KafkaStreams.State.NOT_RUNNING) {
            over.countDown();
        }
    }

    /**
     * Reads the tables, starts, and returns when the run is over.
     *
     * @throws RuntimeException where it cannot start
     */
    void run() throws InterruptedException {
        try {
            factory.start();
        } catch (RuntimeException e) {
            reason = root(e);
            throw e;
        }
        over.await();
    }

    /** Whether it makes events. */
    boolean isRunning() {
        KafkaStreams running = streams;
        return running != null && running.state() == KafkaStreams.State.RUNNING;
    }

    /** What went wrong last; {@code null} for nothing. */
    String reason() {
        return reason;
    }

    /** Events that were not read yet. */
    long lag() {
        KafkaStreams running = streams;
        if (running == null) {
            return 0;
        }
        double lag = 0;
        for (Map.Entry<MetricName, ? extends Metric> metric : running.metrics().entrySet()) {
            MetricName name = metric.getKey();
            if (name.name().equals("records-lag")
                    && name.tags().containsKey("partition")
                    && !name.tags().getOrDefault("client-id", "").endsWith("global-consumer")
                    && metric.getValue().metricValue() instanceof Double waiting
                    && waiting > 0) {
                lag += waiting;
            }
        }
        return (long) lag;
    }

    /**
     * Finishes what was begun, commits, and leaves the group, so that others take over at once. May
     * be called from any thread, also while it is starting.
     */
    @Override
    public void close() {
        closing = true;
        KafkaStreams running = streams;
        if (running != null) {
            running.close(
                    CloseOptions.timeout(settings.stop())
                            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        }
        over.countDown();
    }
}
