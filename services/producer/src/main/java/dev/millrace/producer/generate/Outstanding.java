package dev.millrace.producer.generate;

import dev.millrace.producer.ProducerMeters;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The synthetic events that Kafka has not acknowledged yet. They are bounded, so that they never
 * take the room that the collector's events need.
 */
final class Outstanding implements Callback {
    private static final int MOST = 20_000;
    private static final long LOOK_AGAIN_NANOS = 500_000;

    private final ProducerMeters.Flow meters;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    Outstanding(ProducerMeters.Flow meters) {
        this.meters = meters;
    }

    /** Counts one more event; waits first while there are too many. */
    void add() throws InterruptedException {
        if (count.incrementAndGet() > MOST) {
            waitForAtMost(MOST / 2);
        }
    }

    /** Waits until no more than so many are left. */
    void waitForAtMost(int most) throws InterruptedException {
        while (count.get() > most) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Why an event was not acknowledged, once; {@code null} where all were. */
    Exception takeFailure() {
        return failure.get() == null ? null : failure.getAndSet(null);
    }

    @Override
    public void onCompletion(RecordMetadata metadata, Exception exception) {
        if (exception == null) {
            meters.acknowledged(1, metadata.serializedValueSize());
        } else {
            meters.failed(1);
            failure.set(exception);
        }
        count.decrementAndGet();
    }
}
