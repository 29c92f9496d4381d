package dev.millrace.bench.processor;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Reads a topic and looks at nothing but the length of each value. Arguments: {@code
 * BOOTSTRAP_SERVERS TOPIC WARM_UP EVENTS}. Prints how many events it read behind the warm-up, and
 * in how many seconds.
 */
final class BareConsumer {
    private BareConsumer() {}

    static void main(String[] args) {
        long warmUp = Long.parseLong(args[2]);
        long events = Long.parseLong(args[3]);
        long read = 0;
        long bytes = 0;
        long first = 0;
        Stopwatch watch = null;
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                args[0],
                                ConsumerConfig.GROUP_ID_CONFIG,
                                "bare",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                5_000),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(args[1]));
            while (read < events) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                    bytes += record.value().length;
                    read++;
                }
                if (watch == null && read >= warmUp) {
                    watch = Stopwatch.start();
                    first = read;
                }
            }
            watch.print(read - first);
        }
        System.out.println("bytes " + bytes);
    }
}
