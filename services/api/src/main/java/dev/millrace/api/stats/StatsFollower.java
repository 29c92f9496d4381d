package dev.millrace.api.stats;

import dev.millrace.api.worker.Worker;
import dev.millrace.pipeline.plan.Plan;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.NestedExceptionUtils;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Follows the topic of numbers from its beginning, in a thread of its own, where pages shall have
 * their numbers through it. Every replica does so, in no group. Whatever fails, it begins anew.
 */
public final class StatsFollower extends Worker {
    private static final Logger log = LoggerFactory.getLogger(StatsFollower.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Plan plan;
    private final Clients clients;
    private final PageFeed feed;
    private final StatsLog events;
    private Reading reading;

    /** A follower that does not run yet. */
    StatsFollower(Plan plan, Clients clients, PageFeed feed, StatsLog events) {
        super(Thread.ofPlatform().daemon().name("millrace-stats-follower"));
        this.plan = plan;
        this.clients = clients;
        this.feed = feed;
        this.events = events;
    }

    /** The topic, from its beginning on. */
    private static final class Reading implements AutoCloseable {
        private final Consumer<byte[], byte[]> consumer;
        private final TopicNumbers numbers;
        private final TopicPartition partition;
        private final long end;
        private boolean isCaughtUp;

        Reading(Plan plan, Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
            this.numbers = new TopicNumbers(plan);
            this.partition = new TopicPartition(plan.statsTopic(), 0);
            List<PartitionInfo> partitions = consumer.partitionsFor(plan.statsTopic());
            if (partitions == null || partitions.isEmpty()) {
                throw new UnknownTopicOrPartitionException("there is no such topic yet");
            }
            if (partitions.size() > 1) {
                throw new KafkaException(
                        "it has %d partitions, so that nobody can say what belongs together; delete it, and it is made anew with one"
                                .formatted(partitions.size()));
            }
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            end = consumer.endOffsets(List.of(partition)).get(partition);
        }

        /** What is new; {@code null}: nothing that could be said yet. */
        Moment read() {
            boolean any = false;
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                numbers.read(message.key(), message.value());
                any = true;
            }
            boolean before = isCaughtUp;
            // what compaction has left of former transactions is no moment
            isCaughtUp |= consumer.position(partition) >= end;
            return isCaughtUp && (any || !before) ? numbers.newest() : null;
        }

        @Override
        public void close() {
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    @Override
    public synchronized void start() {
        if (PageFeed.isThrough(plan)) {
            super.start();
        }
    }

    @Override
    protected Duration work() throws InterruptedException {
        try {
            if (reading == null) {
                reading = open();
            }
            // what was there before it began says nothing of how long it takes
            boolean isFresh = reading.isCaughtUp;
            Moment next = reading.read();
            if (next != null) {
                events.followed(next.at(), isFresh ? Instant.now() : null);
                feed.topic(next, System.nanoTime());
                if (recovered()) {
                    log.info("The topic {} is followed again", plan.statsTopic());
                }
            }
            return Duration.ZERO;
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private Reading open() {
        Consumer<byte[], byte[]> consumer = clients.follower();
        try {
            return new Reading(plan, consumer);
        } catch (RuntimeException e) {
            consumer.close(CloseOptions.timeout(CLOSE));
            throw e;
        }
    }

    private Duration failed(RuntimeException e) {
        if (isStopping()) {
            return Duration.ZERO;
        }
        close();
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        feed.failed("it cannot be read: " + reason);
        if (isHealthy()) {
            // one that is not there yet is made when who publishes has begun
            log.atLevel(e instanceof UnknownTopicOrPartitionException ? Level.INFO : Level.WARN)
                    .log(
                            "The topic {} cannot be followed; trying on until it can: {}",
                            plan.statsTopic(),
                            reason);
            log.debug("The topic cannot be followed", e);
        }
        return backOff(FIRST_PAUSE, LONGEST_PAUSE);
    }

    private void close() {
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }

    @Override
    protected void end() {
        // or else Kafka's client would not close in order
        Thread.interrupted();
        close();
    }
}
