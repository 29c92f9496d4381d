package dev.millrace.processor.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.event.Rejected.Cause;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** How events that do not count are sent. */
class DeadLetterSenderTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final DeadLetterSender sender = new DeadLetterSender(producer, "test-dead-letters");

    private static DeadLetter letter(byte[] value) {
        return new DeadLetter(
                "events",
                new ConsumerRecord<>(
                        "topic",
                        3,
                        42,
                        ByteBuffer.wrap("key".getBytes(StandardCharsets.UTF_8)),
                        value == null ? null : ByteBuffer.wrap(value)),
                new Rejected(Cause.missing, "Missing fields: ['user']"));
    }

    private static String header(ProducerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void aLetterTellsWhereTheEventWasAndWhatIsWrong() {
        CompletableFuture<Void> sent = sender.send(letter("{}".getBytes(StandardCharsets.UTF_8)));
        assertThat(sent).isNotDone();
        producer.completeNext();

        ProducerRecord<byte[], byte[]> letter = producer.history().getFirst();
        assertThat(sent).isCompleted();
        assertThat(letter.topic()).isEqualTo("test-dead-letters");
        assertThat(letter.key()).asString().isEqualTo("key");
        assertThat(letter.value()).asString().isEqualTo("{}");
        assertThat(header(letter, "millrace-reason")).isEqualTo("Missing fields: ['user']");
        assertThat(header(letter, "millrace-cause")).isEqualTo("missing");
        assertThat(header(letter, "millrace-stream")).isEqualTo("events");
        assertThat(header(letter, "millrace-topic")).isEqualTo("topic");
        assertThat(header(letter, "millrace-partition")).isEqualTo("3");
        assertThat(header(letter, "millrace-offset")).isEqualTo("42");
    }

    @Test
    void aLetterThatIsTooLargeIsSentInShort() {
        CompletableFuture<Void> sent = sender.send(letter(new byte[1_000_000]));
        producer.errorNext(new RecordTooLargeException());
        producer.completeNext();

        ProducerRecord<byte[], byte[]> letter = producer.history().getLast();
        assertThat(sent).isCompleted();
        assertThat(letter.value()).hasSize(100_000);
        assertThat(header(letter, "millrace-truncated")).isEqualTo("1000000");
    }

    @Test
    void aFailureIsTold() {
        CompletableFuture<Void> sent = sender.send(letter(null));
        producer.errorNext(new IllegalStateException("broken"));

        assertThat(sent).isCompletedExceptionally();
        assertThat(ShownLetter.of(letter(null).headers(), null)).contains("\"event\":null");
    }
}
