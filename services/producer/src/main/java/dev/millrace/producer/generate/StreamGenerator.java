package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.producer.ProducerMeters;
import dev.millrace.producer.send.Encodings.Encoding;
import dev.millrace.producer.send.EventSender;
import dev.millrace.producer.send.TopicWait;

import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends the synthetic events of one stream until its thread is interrupted. While Kafka is away it
 * pauses; what could not be delivered by then is given up, and counted as failed.
 */
final class StreamGenerator implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(StreamGenerator.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final double TICKS = 100;
    private static final long MOST_DEBT_NANOS = 1_000_000_000;

    private final StreamPlan stream;
    private final Integer rate;
    private final Rhythm rhythm;
    private final EventMaker maker;
    private final EventSender sender;
    private final Encoding encoding;
    private final TopicWait topics;
    private final Outstanding outstanding;
    private final InstantSource clock;
    private Duration pause = FIRST_PAUSE;

    /**
     * A generator of a stream.
     *
     * @param rate events per second instead of what the manifest says; may be null
     */
    StreamGenerator(
            StreamPlan stream,
            Integer rate,
            EventSender sender,
            Encoding encoding,
            TopicWait topics,
            ProducerMeters meters,
            InstantSource clock) {
        Long chosen = stream.generator().seed();
        long seed = chosen == null ? new SplittableRandom().nextLong() : chosen;
        this.stream = stream;
        this.rate = rate;
        this.rhythm = new Rhythm(stream.generator(), new SplittableRandom(~seed));
        this.maker = new EventMaker(stream, rate == null ? rhythm.meanRate() : rate, seed);
        this.sender = sender;
        this.encoding = encoding;
        this.topics = topics;
        this.outstanding =
                new Outstanding(meters.flow(stream.name(), ProducerMeters.Source.generator));
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            topics.await();
            if (rate == null) {
                sendBatches();
            } else {
                sendSteadily();
            }
        } catch (InterruptedException e) {
            log.debug("The generator of {} was stopped", stream.name());
        }
    }

    private void sendBatches() throws InterruptedException {
        while (true) {
            send(rhythm.next(clock.millis()));
            Thread.sleep(rhythm.waitAfterBatch());
        }
    }

    /** Keeps to the rate over any second; what a slow Kafka prevented longer ago is not made up. */
    private void sendSteadily() throws InterruptedException {
        double perNano = rate / 1e9;
        long begin = System.nanoTime();
        long sent = 0;
        while (true) {
            long elapsed = System.nanoTime() - begin;
            long due = (long) (elapsed * perNano) - sent;
            if (due > MOST_DEBT_NANOS * perNano) {
                begin = System.nanoTime();
                sent = 0;
            } else if (due > 0) {
                int batch = (int) Math.min(due, Math.max(1, (long) (rate / TICKS)));
                send(batch);
                sent += batch;
            } else {
                LockSupport.parkNanos((long) Math.min(1e9 / TICKS, 1 / perNano));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void send(int count) throws InterruptedException {
        String topic = stream.topic().name();
        long now = clock.millis();
        for (int i = 0; i < count; i++) {
            outstanding.add();
            EventMaker.Made event = maker.next(now);
            sender.send(topic, event.key(), encoding.encode(event.value()), outstanding);
        }
        Exception failure = outstanding.takeFailure();
        if (failure == null) {
            pause = FIRST_PAUSE;
            return;
        }
        if (failure instanceof InterruptException) {
            throw new InterruptedException();
        }
        log.warn(
                "Kafka does not take synthetic events for {} ({}); going on in {} s",
                topic,
                failure.getMessage(),
                pause.toSeconds());
        Thread.sleep(pause);
        outstanding.waitForAtMost(0);
        outstanding.takeFailure();
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
}
