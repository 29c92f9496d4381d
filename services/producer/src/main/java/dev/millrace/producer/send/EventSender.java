package dev.millrace.producer.send;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Sends records, each acknowledged by all in-sync replicas and written once. The client is made
 * when it is first needed, and anew when it gave up for good. Safe for use by many threads.
 */
public final class EventSender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventSender.class);
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Supplier<Producer<byte[], byte[]>> clients;
    private Producer<byte[], byte[]> client;
    private boolean closed;

    /**
     * A sender.
     *
     * @param clients makes Kafka's client; may fail while Kafka's name cannot be resolved
     */
    public EventSender(Supplier<Producer<byte[], byte[]>> clients) {
        this.clients = clients;
    }

    /**
     * Sends one record. Blocks while Kafka's buffer is full, for as long as the client allows.
     *
     * @param key may be null
     * @param callback told exactly once, on this or on another thread, what became of it
     */
    public void send(String topic, byte[] key, byte[] value, Callback callback) {
        Producer<byte[], byte[]> current;
        try {
            current = client();
        } catch (KafkaException e) {
            callback.onCompletion(null, e);
            return;
        }
        try {
            current.send(new ProducerRecord<>(topic, key, value), callback);
        } catch (InterruptException e) {
            callback.onCompletion(null, e);
        } catch (IllegalStateException | KafkaException e) {
            // What is thrown rather than reported comes from a client that has given up for good.
            renew(current, e);
            callback.onCompletion(null, e);
        }
    }

    private synchronized Producer<byte[], byte[]> client() {
        if (closed) {
            throw new KafkaException("The producer is being stopped");
        }
        if (client == null) {
            client = clients.get();
        }
        return client;
    }

    private synchronized void renew(Producer<byte[], byte[]> broken, Exception why) {
        if (client != broken) {
            return;
        }
        client = null;
        if (!closed) {
            log.warn("Kafka's client gave up and is made anew: {}", why.toString());
            // Not from this thread: it may be the client's own.
            Thread.ofVirtual().start(() -> broken.close(Duration.ZERO));
        }
    }

    /** Waits up to 10 s for what is under way, and ends. */
    @Override
    public void close() {
        Producer<byte[], byte[]> last;
        synchronized (this) {
            closed = true;
            last = client;
            client = null;
        }
        if (last != null) {
            last.close(CLOSE);
        }
    }
}
