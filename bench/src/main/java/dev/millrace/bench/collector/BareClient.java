package dev.millrace.bench.collector;

import dev.millrace.producer.generate.EventMaker;
import dev.millrace.producer.send.Delivery;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Duration;

/** Sends batches with Kafka's client alone. */
record BareClient(Producer<byte[], byte[]> client, String topic, Batches load)
        implements BatchTarget {
    @Override
    public void send(int batch) throws InterruptedException {
        var delivery = new Delivery();
        for (EventMaker.Made event : load.batches().get(batch)) {
            delivery.handOver();
            client.send(new ProducerRecord<>(topic, event.key(), event.value()), delivery);
        }
        if (!delivery.await(Duration.ofSeconds(30)) || delivery.failure() != null) {
            throw new IllegalStateException("Kafka did not acknowledge", delivery.failure());
        }
    }

    @Override
    public void close() {
        // The client is shared by all workers.
    }
}
