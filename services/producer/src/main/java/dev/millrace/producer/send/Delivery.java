package dev.millrace.producer.send;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The records of one request on their way into Kafka. One thread hands them over, counts them with
 * {@link #handOver()}, and waits; Kafka's threads report.
 */
public final class Delivery implements Callback {
    private final AtomicInteger acknowledged = new AtomicInteger();
    // One more than the records under way, until no more are handed over.
    private final AtomicInteger open = new AtomicInteger(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile Exception failure;

    /** Counts one more record that will be reported. */
    public void handOver() {
        open.incrementAndGet();
    }

    @Override
    public void onCompletion(RecordMetadata metadata, Exception exception) {
        if (exception == null) {
            acknowledged.incrementAndGet();
        } else if (failure == null) {
            failure = exception;
        }
        close();
    }

    /** Why records were not acknowledged: the first reason; {@code null} while there is none. */
    public Exception failure() {
        return failure;
    }

    /** How many records Kafka acknowledged so far. */
    public int acknowledged() {
        return acknowledged.get();
    }

    /**
     * Waits until every record was reported; none may be handed over any more.
     *
     * @return whether all were reported in time
     */
    public boolean await(Duration longest) throws InterruptedException {
        close();
        return done.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void close() {
        if (open.decrementAndGet() == 0) {
            done.countDown();
        }
    }
}
