package dev.millrace.audit.consume;

import dev.millrace.audit.AuditMeters;
import dev.millrace.audit.AuditSettings;
import dev.millrace.audit.AuditStatus;
import dev.millrace.audit.document.Entry;
import dev.millrace.audit.store.StoreUnavailableException;
import dev.millrace.audit.store.Written;
import dev.millrace.pipeline.event.Admission;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.registry.SchemasUnavailableException;
import dev.millrace.pipeline.topic.HeldPartitions;

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
import org.springframework.util.backoff.BackOffExecution;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * One membership in the group, from joining to leaving or failing: decides on events in the order
 * of their partitions, gathers them, hands them to the writer, and commits what was written. For
 * one thread.
 */
final class Session implements ConsumerRebalanceListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Session.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /** So that the next batch follows soon when one is written. */
    private static final Duration POLL_WHILE_WRITING = Duration.ofMillis(5);

    private static final Duration COMMIT = Duration.ofSeconds(3);
    private static final Duration LOOK_UP = Duration.ofSeconds(30);
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Plan plan;
    private final AuditSettings settings;
    private final AuditMeters meters;
    private final AuditStatus status;
    private final Consumer<byte[], byte[]> consumer;
    private final StoreWriter writer;

    private final Map<String, StreamPlan> streams = new HashMap<>();
    private final Map<String, EventDecoder> decoders = new HashMap<>();

    /** One for each partition that is ours. */
    private final Map<TopicPartition, Admission> admissions = new HashMap<>();

    /** Up to where each partition of ours was written, where anything was. */
    private final Map<TopicPartition, OffsetAndMetadata> written = new HashMap<>();

    /** Those that wait for the schema of an event. */
    private final HeldPartitions held;

    private final Waiting waiting = new Waiting();

    /** What is being written, or was not written and is to be tried again. */
    private List<Entry> batch = List.of();

    private long batchBytes;

    /** The write or check under way, if any. */
    private Future<Optional<Written>> writing;

    private BackOffExecution pauses;
    private boolean away;
    private boolean full;
    private boolean commitAgain;
    private long notBefore = System.nanoTime();
    private long asked;
    private long reported = System.nanoTime();

    Session(
            Plan plan,
            AuditSettings settings,
            AuditMeters meters,
            AuditStatus status,
            Consumer<byte[], byte[]> consumer,
            StoreWriter writer,
            Schemas schemas) {
        this.plan = plan;
        this.settings = settings;
        this.meters = meters;
        this.status = status;
        this.consumer = consumer;
        this.writer = writer;
        this.held = new HeldPartitions(consumer);
        this.asked = System.nanoTime() - settings.idle().toNanos();
        for (StreamPlan stream : plan.counted()) {
            streams.put(stream.topic().name(), stream);
            decoders.put(stream.topic().name(), EventDecoder.of(stream, schemas));
        }
    }

    /**
     * Records events until told to stop; then writes and commits what waits, if the store takes it.
     *
     * @throws KafkaException where the group has to be joined anew
     */
    void run(BooleanSupplier goOn) {
        consumer.subscribe(streams.keySet(), this);
        status.reading();
        while (goOn.getAsBoolean()) {
            read();
            settle();
            startWrite(false);
            throttle();
            report();
        }
        drain();
    }

    private void read() {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(pollTimeout());
        } catch (OffsetOutOfRangeException e) {
            jump(e.offsetOutOfRangePartitions());
            return;
        }
        long now = System.nanoTime();
        for (TopicPartition partition : records.partitions()) {
            decide(partition, records.records(partition), now);
        }
        if (!full) {
            held.resumeIfDue(admissions.keySet());
        }
        status.undecided(held.reason().orElse(null));
    }

    /** Decides on events, up to one that cannot be read yet: the partition waits in front of it. */
    private void decide(
            TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long now) {
        Admission admission = admissions.get(partition);
        EventDecoder decoder = decoders.get(partition.topic());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                waiting.add(decide(partition, admission, decoder, record, now));
            } catch (SchemasUnavailableException e) {
                if (held.hold(record, e.getMessage())) {
                    log.warn("{} waits at {}: {}", partition, record.offset(), e.getMessage());
                }
                return;
            }
        }
        held.read(partition);
    }

    private static Entry decide(
            TopicPartition partition,
            Admission admission,
            EventDecoder decoder,
            ConsumerRecord<byte[], byte[]> record,
            long now) {
        long time = 0;
        Rejected fault = null;
        switch (admission.admit(record.value(), record.timestamp())) {
            case Event event -> time = event.time();
            case Rejected rejected -> fault = rejected;
        }
        return new Entry(
                partition,
                record.offset(),
                record.leaderEpoch(),
                record.timestamp(),
                decoder.readable(record.value()),
                time,
                fault,
                admission.watermark(),
                now);
    }

    private Duration pollTimeout() {
        if (writing != null) {
            return POLL_WHILE_WRITING;
        }
        long now = System.nanoTime();
        long left = POLL.toNanos();
        if (notBefore - now > 0) {
            left = notBefore - now;
        } else if (!waiting.isEmpty()) {
            left = waiting.oldest() + plan.audit().flush().toNanos() - now;
        }
        return Duration.ofNanos(Math.clamp(left, 0, POLL.toNanos()));
    }

    private boolean isDue() {
        return !waiting.isEmpty()
                && (full
                        || waiting.size() >= plan.audit().batch()
                        || System.nanoTime() - waiting.oldest() >= plan.audit().flush().toNanos());
    }

    private void startWrite(boolean hurry) {
        long now = System.nanoTime();
        if (writing != null || now - notBefore < 0) {
            return;
        }
        if (batch.isEmpty() && (hurry ? !waiting.isEmpty() : isDue())) {
            setBatch(waiting.take(plan.audit().batch(), settings.bulk().toBytes()));
        }
        if (!batch.isEmpty()) {
            writing = writer.write(batch);
        } else if (away || now - asked >= settings.idle().toNanos()) {
            writing = writer.check(readSoFar());
        }
    }

    /**
     * Where each partition of ours has been read to, while nothing waits: also behind records that
     * are no events, such as the marks of transactions.
     */
    private Map<TopicPartition, Long> readSoFar() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        if (waiting.isEmpty()) {
            admissions
                    .keySet()
                    .forEach(partition -> positions.put(partition, consumer.position(partition)));
        }
        return positions;
    }

    /** Takes note of a write that is done. */
    private void settle() {
        if (writing == null || !writing.isDone()) {
            return;
        }
        Future<Optional<Written>> done = writing;
        writing = null;
        asked = System.nanoTime();
        if (done.state() == Future.State.SUCCESS) {
            done.resultNow().ifPresent(meters::written);
            succeeded();
        } else {
            failed(done.exceptionNow());
        }
    }

    private void succeeded() {
        if (away) {
            log.info("Mongo takes events again; {} wait", batch.size() + waiting.size());
        }
        away = false;
        pauses = null;
        status.answers();
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (Entry entry : batch) {
            positions.put(
                    entry.partition(),
                    new OffsetAndMetadata(
                            entry.offset() + 1,
                            entry.leaderEpoch(),
                            Watermark.write(entry.watermark())));
        }
        setBatch(List.of());
        written.putAll(positions);
        commit(positions);
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> positions) {
        if (!positions.isEmpty()) {
            consumer.commitAsync(
                    positions,
                    (offsets, failure) -> {
                        if (failure != null) {
                            log.debug("Not committed: {}", offsets, failure);
                            commitAgain = true;
                        }
                    });
        }
    }

    private void failed(Throwable failure) {
        if (pauses == null) {
            pauses = Pauses.between(settings.retryFirst(), settings.retryLongest());
        }
        long pause = pauses.nextBackOff();
        notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
        meters.failedWrite();
        status.fails(failure.getMessage());
        boolean expected = failure instanceof StoreUnavailableException;
        if (!away) {
            log.warn(
                    "{}. Holding the position until it takes events again",
                    failure.getMessage(),
                    expected ? null : failure);
        }
        log.debug("Trying again in {} ms", pause, failure);
        away = true;
    }

    /** Reads no more than memory holds, but goes on polling: that keeps the group's membership. */
    private void throttle() {
        long taken = waiting.bytes() + batchBytes;
        long most = settings.waiting().toBytes();
        full = taken >= most || (full && taken > most / 2);
        Set<TopicPartition> paused = new HashSet<>(consumer.paused());
        if (full && paused.size() < consumer.assignment().size()) {
            consumer.pause(consumer.assignment());
        } else if (!full) {
            paused.removeIf(held::waits);
            consumer.resume(paused);
        }
    }

    private void report() {
        int events = waiting.size() + batch.size();
        meters.waiting(events, waiting.bytes() + batchBytes);
        status.waiting(events);
        if (System.nanoTime() - reported < REPORT_NANOS) {
            return;
        }
        reported = System.nanoTime();
        meters.lag(
                admissions.keySet().stream()
                        .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                        .sum());
        if (commitAgain) {
            commitAgain = false;
            commit(Map.copyOf(written));
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        var committed = consumer.committed(Set.copyOf(partitions), LOOK_UP);
        var begins = consumer.beginningOffsets(partitions, LOOK_UP);
        for (TopicPartition partition : partitions) {
            begin(partition, committed.get(partition), begins.get(partition));
        }
        if (full) {
            consumer.pause(partitions);
        }
    }

    private void begin(TopicPartition partition, OffsetAndMetadata position, long begin) {
        var watermark = Watermark.read(position == null ? null : position.metadata());
        if (watermark.isEmpty()) {
            // Whatever was recorded before is there already: writing it again does nothing.
            log.info("Recording {} from its beginning, offset {}", partition, begin);
            consumer.seek(partition, begin);
        } else if (position.offset() < begin) {
            lost(partition, begin - position.offset());
            consumer.seek(partition, begin);
        } else {
            log.info("Recording {} from offset {}", partition, position.offset());
            consumer.seek(partition, position);
        }
        admissions.put(partition, admission(partition, watermark.orElse(0)));
    }

    private Admission admission(TopicPartition partition, long watermark) {
        String topic = partition.topic();
        return new Admission(streams.get(topic), plan.clock(), decoders.get(topic), watermark);
    }

    /** Goes on where the log begins, of partitions that do not hold the position any more. */
    private void jump(Map<TopicPartition, Long> positions) {
        var begins = consumer.beginningOffsets(positions.keySet(), LOOK_UP);
        positions.forEach(
                (partition, position) -> {
                    long begin = begins.get(partition);
                    if (position < begin) {
                        lost(partition, begin - position);
                    } else {
                        log.warn(
                                "{} ends before offset {}, which had been read: Kafka has lost"
                                        + " events, or the topic was made anew. Recording it from"
                                        + " its beginning",
                                partition,
                                position);
                        admissions.put(partition, admission(partition, 0));
                    }
                    consumer.seek(partition, begin);
                });
    }

    private void lost(TopicPartition partition, long events) {
        meters.lost(events);
        log.error(
                "{} events of {} were gone from Kafka before they were recorded: give the topic a"
                        + " longer retention",
                events,
                partition);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        List<TopicPartition> ours = partitions.stream().filter(admissions::containsKey).toList();
        if (ours.isEmpty()) {
            return;
        }
        finish(ours, System.nanoTime() + settings.revoke().toNanos());
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>(written);
        positions.keySet().retainAll(ours);
        commitNow(positions);
        forget(ours);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        forget(partitions);
    }

    /** Writes what waits of partitions that go away, if that can be done in time. */
    private void finish(Collection<TopicPartition> partitions, long deadline) {
        await(deadline);
        Waiting rest = new Waiting();
        waiting.takeAll(partitions).forEach(rest::add);
        while (writing == null && !away && !rest.isEmpty() && System.nanoTime() < deadline) {
            setBatch(rest.take(plan.audit().batch(), settings.bulk().toBytes()));
            writing = writer.write(batch);
            await(deadline);
        }
    }

    /** Forgets partitions that are not ours: whoever has them reads again what is not committed. */
    private void forget(Collection<TopicPartition> partitions) {
        waiting.takeAll(partitions);
        setBatch(batch.stream().filter(entry -> !partitions.contains(entry.partition())).toList());
        admissions.keySet().removeAll(partitions);
        written.keySet().removeAll(partitions);
    }

    private void drain() {
        long deadline = System.nanoTime() + settings.stop().toNanos();
        do {
            notBefore = System.nanoTime();
            startWrite(true);
            await(deadline);
        } while (writing == null && !away && !waiting.isEmpty() && System.nanoTime() < deadline);
        int left = batch.size() + waiting.size();
        if (left > 0) {
            log.info("{} events wait for Mongo still; they will be read again", left);
        }
        commitNow(Map.copyOf(written));
        forget(Set.copyOf(admissions.keySet()));
    }

    /** Waits for the write under way, until a time on {@link System#nanoTime}'s clock. */
    private void await(long deadline) {
        if (writing == null) {
            return;
        }
        try {
            writing.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("Not written in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        settle();
    }

    private void commitNow(Map<TopicPartition, OffsetAndMetadata> positions) {
        try {
            if (!positions.isEmpty()) {
                consumer.commitSync(positions, COMMIT);
            }
        } catch (KafkaException e) {
            log.info("Not committed, will be read again: {}", e.getMessage());
        }
    }

    private void setBatch(List<Entry> entries) {
        batch = entries;
        batchBytes = entries.stream().mapToLong(Entry::weight).sum();
    }

    /** Leaves the group. */
    @Override
    public void close() {
        admissions.clear();
        meters.waiting(0, 0);
        status.waiting(0);
        consumer.close(CloseOptions.timeout(COMMIT));
    }
}
