package dev.millrace.producer.send;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class EventSenderTest {
    private final List<MockProducer<byte[], byte[]>> clients = new ArrayList<>();

    @Test
    void deliveriesWaitForEveryRecord() throws InterruptedException {
        try (var sender = new EventSender(this::client)) {
            Delivery delivery = send(sender, 3);
            assertThat(delivery.await(Duration.ofMillis(20))).isFalse();

            Delivery partial = send(sender, 3);
            var client = clients.getFirst();
            assertThat(client.completeNext()).isTrue();
            assertThat(client.completeNext()).isTrue();
            assertThat(client.completeNext()).isTrue();
            assertThat(client.completeNext()).isTrue();
            assertThat(client.errorNext(new TimeoutException("away"))).isTrue();
            assertThat(client.completeNext()).isTrue();
            assertThat(partial.await(Duration.ofSeconds(1))).isTrue();
            assertThat(partial.acknowledged()).isEqualTo(2);
            assertThat(partial.failure()).hasMessage("away");
            assertThat(delivery.acknowledged()).isEqualTo(3);
            assertThat(delivery.failure()).isNull();
            assertThat(clients).hasSize(1);
        }
    }

    @Test
    void clientThatGaveUpIsMadeAnew() throws InterruptedException {
        try (var sender = new EventSender(this::client)) {
            send(sender, 1);
            clients.getFirst().sendException = new KafkaException("in an error state");
            Delivery failed = send(sender, 1);
            assertThat(failed.await(Duration.ofSeconds(1))).isTrue();
            assertThat(failed.failure()).hasMessage("in an error state");

            Delivery next = send(sender, 1);
            assertThat(clients).hasSize(2);
            assertThat(clients.getLast().completeNext()).isTrue();
            assertThat(next.await(Duration.ofSeconds(1))).isTrue();
            assertThat(next.failure()).isNull();
        }
        assertThat(clients.getLast().closed()).isTrue();
    }

    @Test
    void clientThatCannotBeMadeIsAFailureOfTheRecord() throws InterruptedException {
        try (var sender =
                new EventSender(
                        () -> {
                            throw new KafkaException("no such host");
                        })) {
            Delivery delivery = send(sender, 1);
            assertThat(delivery.await(Duration.ofSeconds(1))).isTrue();
            assertThat(delivery.failure()).hasMessage("no such host");
        }
    }

    @Test
    void nothingIsSentAfterTheEnd() throws InterruptedException {
        var sender = new EventSender(this::client);
        sender.close();
        Delivery delivery = send(sender, 1);
        assertThat(delivery.await(Duration.ofSeconds(1))).isTrue();
        assertThat(delivery.failure()).hasMessageContaining("being stopped");
        assertThat(clients).isEmpty();
    }

    private Producer<byte[], byte[]> client() {
        var client =
                new MockProducer<>(
                        false, null, new ByteArraySerializer(), new ByteArraySerializer());
        clients.add(client);
        return client;
    }

    private static Delivery send(EventSender sender, int count) {
        Delivery delivery = new Delivery();
        for (int i = 0; i < count; i++) {
            delivery.handOver();
            sender.send("topic", null, new byte[] {1}, delivery);
        }
        return delivery;
    }
}
