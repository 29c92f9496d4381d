package dev.millrace.processor.loop;

import dev.millrace.processor.counting.Deltas;
import dev.millrace.processor.state.FlushOutcome;
import dev.millrace.processor.state.Position;
import dev.millrace.processor.state.WindowStore;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * One partition that this instance owns: what was counted since the last flush, and the flush that
 * is under way. While a flush is under way the next events are counted already. For the loop's
 * thread alone.
 */
final class PartitionProgress {
    private final TopicPartition partition;
    private final Intake intake;
    private final long owner;
    private final WindowStore store;

    private Optional<Position> flushed;
    private long counted;
    private long lost;
    private Deltas deltas;
    private List<CompletableFuture<Void>> letters = new ArrayList<>();

    /** Made once rather than for each event. */
    private final Consumer<CompletableFuture<Void>> sends = sent -> letters.add(sent);

    private Flush underway;
    private long flushedAt;

    /** A flush that was sent and perhaps not answered yet. */
    private record Flush(
            Position to, long lost, Deltas deltas, CompletableFuture<Answered> outcome) {}

    /** What Redis answered, and how long that took, whenever the loop looks. */
    private record Answered(FlushOutcome outcome, Duration took) {}

    /**
     * A flush that was answered.
     *
     * @param lost how many events were gone before they could be counted
     * @param took from sending it to the answer
     */
    record Answer(FlushOutcome outcome, Deltas deltas, long lost, Duration took) {}

    /**
     * Progress from a position on.
     *
     * @param owner the number under which the partition was taken
     * @param flushed the position in the store; empty where there is none
     * @param start where counting begins: the same, unless the log does not go back so far
     * @param lost how many events lie between the two that can never be counted
     */
    PartitionProgress(
            Counting counting,
            TopicPartition partition,
            long owner,
            Optional<Position> flushed,
            Position start,
            long lost) {
        this.partition = partition;
        this.intake = counting.intake(partition.topic(), start.watermark());
        this.store = counting.store();
        this.owner = owner;
        this.flushed = flushed;
        this.counted = start.offset();
        this.lost = lost;
        this.deltas = intake.deltas();
    }

    /**
     * Counts the next event of the partition.
     *
     * @param wallClock milliseconds since 1970
     */
    void count(ConsumerRecord<ByteBuffer, ByteBuffer> record, long wallClock) {
        intake.take(record, wallClock, deltas, sends);
        counted = record.offset() + 1;
    }

    /**
     * Moves on to an offset behind records that are not events, such as the marks of transactions.
     */
    void skipTo(long offset) {
        counted = Math.max(counted, offset);
    }

    /** How far it has counted. */
    private Position counted() {
        return new Position(counted, intake.watermark());
    }

    /** Whether there is something to flush that is not under way. */
    boolean isDirty() {
        return flushed.isEmpty() || !flushed.get().equals(counted()) || lost > 0;
    }

    boolean isFlushing() {
        return underway != null;
    }

    /** How many numbers and values wait for the next flush. */
    int size() {
        return deltas.size();
    }

    /** About how many writes the next flush takes. */
    int writes() {
        return deltas.writes();
    }

    /** The position that was flushed last; empty where none was. */
    Optional<Position> flushed() {
        return flushed;
    }

    /** When the last flush was sent, in the loop's nanoseconds. */
    long flushedAt() {
        return flushedAt;
    }

    /**
     * Sends what was counted to Redis, once Kafka has the dead letters among it. None may be under
     * way.
     */
    void flush(long nanoTime) {
        Deltas flushing = deltas;
        Position to = counted();
        Optional<Position> from = flushed;
        long losing = lost;
        CompletableFuture<Answered> outcome =
                CompletableFuture.allOf(letters.toArray(CompletableFuture[]::new))
                        .thenCompose(
                                sent -> {
                                    long started = System.nanoTime();
                                    return store.flush(partition, owner, from, to, losing, flushing)
                                            .thenApply(
                                                    answer ->
                                                            new Answered(
                                                                    answer,
                                                                    Duration.ofNanos(
                                                                            System.nanoTime()
                                                                                    - started)));
                                });
        underway = new Flush(to, losing, flushing, outcome);
        flushedAt = nanoTime;
        deltas = intake.deltas();
        letters = new ArrayList<>();
        lost = 0;
    }

    /** The flush under way, to wait for; complete where there is none. */
    CompletableFuture<?> settled() {
        return underway == null ? CompletableFuture.completedFuture(null) : underway.outcome();
    }

    /**
     * Takes note of the answer to the flush under way, if it is there.
     *
     * @throws CompletionException when it failed, and whether it was applied is not known
     */
    Optional<Answer> collect() {
        if (underway == null || !underway.outcome().isDone()) {
            return Optional.empty();
        }
        Flush done = underway;
        underway = null;
        Answered answered = done.outcome().join();
        if (answered.outcome() instanceof FlushOutcome.Applied) {
            flushed = Optional.of(done.to());
        }
        return Optional.of(
                new Answer(answered.outcome(), done.deltas(), done.lost(), answered.took()));
    }
}
