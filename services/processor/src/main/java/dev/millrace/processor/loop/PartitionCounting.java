package dev.millrace.processor.loop;

import dev.millrace.pipeline.registry.SchemasUnavailableException;
import dev.millrace.pipeline.resource.Clock;
import dev.millrace.pipeline.topic.HeldPartitions;
import dev.millrace.processor.ProcessorMeters;
import dev.millrace.processor.ProcessorSettings;
import dev.millrace.processor.loop.PartitionProgress.Answer;
import dev.millrace.processor.loop.ProcessorState.Phase;
import dev.millrace.processor.state.FlushOutcome;
import dev.millrace.processor.state.Position;
import dev.millrace.processor.state.Repacking;
import dev.millrace.processor.state.StoreUnavailableException;
import dev.millrace.processor.state.SupersededException;
import dev.millrace.processor.state.Taken;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Counts the partitions that Kafka assigns to this instance. A partition is counted from where
 * Redis says it was left, never from Kafka's committed offset; whenever a flush is refused or not
 * answered, what is in memory is dropped and the partition is taken anew. For the loop's thread
 * alone, but for what is said otherwise.
 */
final class PartitionCounting implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PartitionCounting.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration PURGE_INTERVAL = Duration.ofSeconds(10);
    private static final int FLUSHES_AT_ONCE = 2;

    private final Counting counting;
    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final ProcessorSettings settings;
    private final ProcessorMeters meters;
    private final Map<TopicPartition, PartitionProgress> owned = new HashMap<>();
    private final Set<TopicPartition> waiting = new LinkedHashSet<>();
    private final HeldPartitions held;
    private final Map<TopicPartition, OffsetAndMetadata> committable = new HashMap<>();
    private final Backoff backoff = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));
    private final FlushPace pace;
    private final Repacking repacking;
    private long takeAt;
    private long commitAt;
    private long purgeAt;
    private long checkAt;
    private boolean superseded;
    private volatile String reason = "Kafka has not assigned partitions yet";
    private volatile int partitions;
    private volatile long lag;

    PartitionCounting(
            Counting counting,
            Consumer<ByteBuffer, ByteBuffer> consumer,
            ProcessorSettings settings,
            ProcessorMeters meters) {
        this.counting = counting;
        this.consumer = consumer;
        this.held = new HeldPartitions(consumer);
        this.settings = settings;
        this.meters = meters;
        this.repacking = new Repacking(counting.store(), meters);
        this.pace = new FlushPace(settings.flushInterval(), FLUSHES_AT_ONCE);
        consumer.subscribe(counting.topics(), new Assignment());
    }

    /** What it is doing. For any thread. */
    ProcessorState state() {
        String why = Optional.ofNullable(reason).or(held::reason).orElse(null);
        return why == null
                ? new ProcessorState(Phase.COUNTING, null)
                : new ProcessorState(Phase.WAITING, why);
    }

    /** How many partitions it counts. For any thread. */
    int partitions() {
        return partitions;
    }

    /** How many events it has not read yet. For any thread. */
    long lag() {
        return lag;
    }

    /** Where partitions end now. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        return consumer.endOffsets(partitions);
    }

    /** Ends a step that waits for events. For any thread. */
    void wakeup() {
        consumer.wakeup();
    }

    /**
     * Reads some events, counts them, and flushes what is due.
     *
     * @throws SupersededException when another version of the pipeline counts instead
     */
    void step() {
        ConsumerRecords<ByteBuffer, ByteBuffer> records = poll();
        long wallClock = System.currentTimeMillis();
        for (TopicPartition partition : records.partitions()) {
            PartitionProgress progress = owned.get(partition);
            if (progress != null) {
                count(partition, progress, records.records(partition), wallClock);
                progress.skipTo(consumer.position(partition));
            }
        }
        long now = System.nanoTime();
        for (TopicPartition partition : List.copyOf(owned.keySet())) {
            collect(partition, owned.get(partition));
        }
        flushDue(now);
        if (!waiting.isEmpty() && now - takeAt >= 0) {
            take(now);
        }
        held.resumeIfDue(owned.keySet());
        checkIfDue(now);
        commitIfDue(now);
        purgeIfDue(now);
        if (superseded) {
            throw new SupersededException();
        }
    }

    /** Counts events, up to one that cannot be read yet: the partition waits in front of it. */
    private void count(
            TopicPartition partition,
            PartitionProgress progress,
            List<ConsumerRecord<ByteBuffer, ByteBuffer>> records,
            long wallClock) {
        for (ConsumerRecord<ByteBuffer, ByteBuffer> record : records) {
            try {
                progress.count(record, wallClock);
            } catch (SchemasUnavailableException e) {
                if (held.hold(record, e.getMessage())) {
                    log.warn("{} waits at {}: {}", partition, record.offset(), e.getMessage());
                }
                return;
            }
        }
        held.read(partition);
    }

    private ConsumerRecords<ByteBuffer, ByteBuffer> poll() {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            log.warn(
                    "Kafka does not have these offsets any more: {}",
                    e.offsetOutOfRangePartitions());
            e.offsetOutOfRangePartitions().keySet().forEach(this::drop);
            return ConsumerRecords.empty();
        }
    }

    /** Takes note of a flush's answer. */
    private void collect(TopicPartition partition, PartitionProgress progress) {
        Optional<Answer> collected;
        try {
            collected = progress.collect();
        } catch (CompletionException e) {
            meters.failed();
            log.warn(
                    "A flush of {} got no answer, so it is read again from Redis's position: {}",
                    partition,
                    e.getCause().toString());
            drop(partition);
            return;
        }
        if (collected.isEmpty()) {
            return;
        }
        Answer answer = collected.get();
        switch (answer.outcome()) {
            case FlushOutcome.Applied applied -> {
                meters.applied(
                        answer.deltas().valid(),
                        // the enricher has counted its own letters
                        counting.isLetters(partition.topic())
                                ? Map.of()
                                : answer.deltas().rejected(),
                        answer.lost(),
                        answer.deltas().writes(),
                        answer.took(),
                        applied.failedWrites());
                if (applied.failedWrites() > 0) {
                    log.error(
                            "Redis refused {} writes of a flush of {}: a sum beyond 64 bits, or a key that something"
                                    + " else has written",
                            applied.failedWrites(),
                            partition);
                }
                committable.put(
                        partition,
                        new OffsetAndMetadata(progress.flushed().orElseThrow().offset()));
                repacking.grown(applied.packed());
                pace.flushed(answer.took(), owned.size(), lag);
                consumer.resume(List.of(partition));
            }
            case FlushOutcome.Refused refused -> {
                meters.refused();
                log.warn(
                        "A flush of {} was refused because its {}; it is read again from Redis's position",
                        partition,
                        refused.why());
                drop(partition);
            }
            case FlushOutcome.Gone gone -> {
                meters.refused();
                log.warn("The state in Redis is gone; it is counted again from the log");
                drop(partition);
            }
            case FlushOutcome.Torn torn -> {
                meters.refused();
                drop(partition);
            }
            case FlushOutcome.Superseded superseded -> {
                meters.refused();
                this.superseded = true;
                drop(partition);
            }
        }
    }

    /**
     * Sends the flushes that are due, those first that wait longest. Redis runs one after the
     * other: more than two at a time would only wait there, and might wait for longer than an
     * answer may take.
     */
    private void flushDue(long now) {
        long underway = owned.values().stream().filter(PartitionProgress::isFlushing).count();
        List<TopicPartition> partitions = new ArrayList<>(owned.keySet());
        partitions.sort(
                Comparator.comparingLong(partition -> owned.get(partition).flushedAt() - now));
        for (TopicPartition partition : partitions) {
            PartitionProgress progress = owned.get(partition);
            boolean full =
                    progress.writes() >= settings.flushLimit()
                            || progress.size() >= settings.pendingLimit() / owned.size();
            boolean due =
                    full
                            || progress.isDirty()
                                    && now - progress.flushedAt() >= pace.interval().toNanos();
            if (due && !progress.isFlushing() && underway < FLUSHES_AT_ONCE) {
                progress.flush(now);
                underway++;
            } else if (full) {
                consumer.pause(List.of(partition));
            }
        }
    }

    /** Forgets what was counted of a partition since its last flush; it will be taken anew. */
    private void drop(TopicPartition partition) {
        owned.remove(partition);
        partitions = owned.size();
        if (consumer.assignment().contains(partition)) {
            consumer.pause(List.of(partition));
            waiting.add(partition);
        }
    }

    private void take(long now) {
        List<TopicPartition> wanted = List.copyOf(waiting);
        try {
            Optional<Map<TopicPartition, Taken>> taken = counting.store().take(wanted);
            if (taken.isEmpty()) {
                counting.store().begin();
                return;
            }
            Map<TopicPartition, Long> first = consumer.beginningOffsets(wanted);
            Map<TopicPartition, Long> end = consumer.endOffsets(wanted);
            taken.get()
                    .forEach(
                            (partition, how) ->
                                    begin(
                                            partition,
                                            how,
                                            first.get(partition),
                                            end.get(partition)));
            backoff.reset();
            reason = null;
        } catch (StoreUnavailableException | org.apache.kafka.common.errors.TimeoutException e) {
            Duration pause = backoff.next();
            takeAt = now + pause.toNanos();
            reason = e.getMessage();
            log.warn("Partitions {} wait: {}", wanted, e.getMessage());
        }
    }

    private void begin(TopicPartition partition, Taken taken, long first, long end) {
        Position start = taken.position().orElse(new Position(0, 0));
        long lost = 0;
        if (start.offset() > end) {
            log.warn(
                    "{} ends at {}, before the counted position {}: the topic was made anew, and is counted from its"
                            + " beginning on top of what is there",
                    partition,
                    end,
                    start.offset());
            start = new Position(first, 0);
        } else if (start.offset() < first) {
            long gone = first - start.offset();
            log.warn(
                    "{} begins at {}: {} records were gone before they could be counted",
                    partition,
                    first,
                    gone);
            // letters that are gone are missing from no metric
            lost = counting.isLetters(partition.topic()) ? 0 : gone;
            start = new Position(first, start.watermark());
        }
        consumer.seek(partition, start.offset());
        consumer.resume(List.of(partition));
        waiting.remove(partition);
        owned.put(
                partition,
                new PartitionProgress(
                        counting, partition, taken.owner(), taken.position(), start, lost));
        partitions = owned.size();
        log.info("Counting {} from offset {}", partition, start.offset());
    }

    /**
     * Takes partitions anew whose position has changed in Redis although this instance has flushed
     * nothing.
     */
    private void checkIfDue(long now) {
        if (now - checkAt < CHECK_INTERVAL.toNanos()) {
            return;
        }
        checkAt = now;
        List<TopicPartition> quiet =
                owned.keySet().stream()
                        .filter(
                                partition ->
                                        !owned.get(partition).isFlushing()
                                                && !owned.get(partition).isDirty())
                        .toList();
        if (quiet.isEmpty()) {
            return;
        }
        try {
            Map<TopicPartition, Position> positions = counting.store().positions(quiet);
            for (TopicPartition partition : quiet) {
                if (!owned.get(partition)
                        .flushed()
                        .equals(Optional.ofNullable(positions.get(partition)))) {
                    log.warn(
                            "Redis has another position of {} than was left there; it is read again from that",
                            partition);
                    drop(partition);
                }
            }
            if (waiting.isEmpty()) {
                reason = null;
            }
        } catch (StoreUnavailableException e) {
            reason = e.getMessage();
        }
    }

    private void commitIfDue(long now) {
        if (now - commitAt < COMMIT_INTERVAL.toNanos()) {
            return;
        }
        commitAt = now;
        lag =
                owned.keySet().stream()
                        .map(consumer::currentLag)
                        .filter(OptionalLong::isPresent)
                        .mapToLong(OptionalLong::getAsLong)
                        .sum();
        if (!committable.isEmpty()) {
            // Only for people to see the lag: the truth is in Redis.
            consumer.commitAsync(
                    Map.copyOf(committable),
                    (offsets, failure) -> {
                        if (failure != null) {
                            log.debug("Offsets were not committed: {}", failure.toString());
                        }
                    });
            committable.clear();
        }
    }

    private void purgeIfDue(long now) {
        if (owned.isEmpty() || now - purgeAt < PURGE_INTERVAL.toNanos()) {
            return;
        }
        purgeAt = now;
        long clock =
                counting.plan().clock() == Clock.wall
                        ? System.currentTimeMillis()
                        : owned.values().stream()
                                .flatMap(progress -> progress.flushed().stream())
                                .mapToLong(Position::watermark)
                                .max()
                                .orElse(0);
        try {
            if (counting.store().purge(clock)) {
                purgeAt = now - PURGE_INTERVAL.toNanos();
            }
        } catch (StoreUnavailableException e) {
            log.debug("Nothing was purged: {}", e.getMessage());
        }
    }

    /**
     * Flushes what was counted of some partitions and waits for it, within the time allowed; then
     * forgets them.
     */
    private void settle(Collection<TopicPartition> leaving) {
        long deadline = System.nanoTime() + settings.stopTimeout().toNanos();
        for (int round = 0; round < 2; round++) {
            List<CompletableFuture<?>> flushes = new ArrayList<>();
            for (TopicPartition partition : leaving) {
                PartitionProgress progress = owned.get(partition);
                if (progress != null) {
                    if (!progress.isFlushing() && progress.isDirty()) {
                        progress.flush(System.nanoTime());
                    }
                    flushes.add(progress.settled());
                }
            }
            awaitUntil(deadline, flushes);
            for (TopicPartition partition : leaving) {
                PartitionProgress progress = owned.get(partition);
                if (progress != null) {
                    collect(partition, progress);
                }
            }
        }
        leaving.forEach(this::forget);
        try {
            consumer.commitSync(Map.copyOf(committable), Duration.ofSeconds(2));
            committable.clear();
        } catch (KafkaException e) {
            log.debug("Offsets were not committed: {}", e.toString());
        }
    }

    private static void awaitUntil(long deadline, List<CompletableFuture<?>> flushes) {
        try {
            CompletableFuture.allOf(flushes.toArray(CompletableFuture[]::new))
                    .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn(
                    "A last flush got no answer; what it held will be read again: {}",
                    e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forget(TopicPartition partition) {
        owned.remove(partition);
        waiting.remove(partition);
        partitions = owned.size();
    }

    @Override
    public void close() {
        try {
            settle(Set.copyOf(owned.keySet()));
        } finally {
            repacking.close();
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }

    /** Follows Kafka's assignment of partitions. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            consumer.pause(assigned);
            // Any position at all, so that Kafka is not asked for one: Redis tells it before
            // anything is read.
            assigned.forEach(partition -> consumer.seek(partition, 0));
            waiting.addAll(assigned);
            takeAt = System.nanoTime();
            if (owned.isEmpty() && waiting.isEmpty()) {
                // More instances than partitions: this one stands by.
                reason = null;
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            settle(revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            // Another instance counts them already; Redis would refuse what is in memory here.
            lost.forEach(PartitionCounting.this::forget);
        }
    }
}
