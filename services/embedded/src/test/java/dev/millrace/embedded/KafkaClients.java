package dev.millrace.embedded;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What tests do with a broker. */
final class KafkaClients {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private KafkaClients() {}

    static void createTopic(EmbeddedKafka kafka, String name) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
    }

    /** Returns when all values are acknowledged. */
    static void send(EmbeddedKafka kafka, String topic, List<String> values) throws Exception {
        send(kafka, topic, values, PATIENCE.toMillis());
    }

    static void send(EmbeddedKafka kafka, String topic, List<String> values, long patienceMillis)
            throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "max.block.ms",
                                patienceMillis),
                        new StringSerializer(),
                        new StringSerializer())) {
            var sent =
                    values.stream()
                            .map(value -> producer.send(new ProducerRecord<>(topic, value)))
                            .toList();
            for (var acknowledgement : sent) {
                acknowledgement.get();
            }
        }
    }

    /** Reads on in the group "readers" until it has this many values, and commits. */
    static List<String> read(EmbeddedKafka kafka, String topic, int count) {
        var values = new ArrayList<String>();
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "group.id",
                                "readers",
                                "auto.offset.reset",
                                "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            var patience = Instant.now().plus(PATIENCE);
            while (values.size() < count && Instant.now().isBefore(patience)) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            consumer.commitSync();
        }
        return values;
    }
}
