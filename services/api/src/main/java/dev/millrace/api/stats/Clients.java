package dev.millrace.api.stats;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The clients of Kafka, made when they are needed. */
final class Clients {
    private static final int LARGEST_REQUEST = 2 << 20;

    private final KafkaProperties kafka;
    private final KafkaConnectionDetails connection;
    private final StatsSettings settings;

    Clients(KafkaProperties kafka, KafkaConnectionDetails connection, StatsSettings settings) {
        this.kafka = kafka;
        this.connection = connection;
        this.settings = settings;
    }

    Admin admin() {
        return Admin.create(
                with(
                        kafka.buildAdminProperties(),
                        connection.getAdmin().getBootstrapServers(),
                        Map.of()));
    }

    /** A member of a group, in which one member at a time has a partition. */
    Consumer<byte[], byte[]> member(String group) {
        return consumer(
                Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        // who writes goes on to do so when others come
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        List.of(CooperativeStickyAssignor.class),
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        millis(settings.session()),
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        millis(settings.session().dividedBy(3)),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "latest"));
    }

    /** A reader of what is committed, in no group. */
    Consumer<byte[], byte[]> reader() {
        return consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"));
    }

    /** The same, that says so where what it is to read next is no longer there. */
    Consumer<byte[], byte[]> follower() {
        return consumer(
                Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        // a topic that a reader has made would not be compacted
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false));
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> own) {
        Map<String, Object> all =
                with(
                        kafka.buildConsumerProperties(),
                        connection.getConsumer().getBootstrapServers(),
                        own);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        if (!own.containsKey(ConsumerConfig.GROUP_ID_CONFIG)) {
            all.remove(ConsumerConfig.GROUP_ID_CONFIG);
            all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        }
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A producer whose transactions end those of all that had its name before. */
    Producer<byte[], byte[]> producer(String transactions) {
        Map<String, Object> all =
                with(
                        kafka.buildProducerProperties(),
                        connection.getProducer().getBootstrapServers(),
                        Map.of(
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                transactions,
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                LARGEST_REQUEST,
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                4L * LARGEST_REQUEST,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                settings.patience().toMillis(),
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                millis(settings.patience().multipliedBy(2))));
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> with(
            Map<String, Object> given, List<String> servers, Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(given);
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis(settings.patience()));
        all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(settings.patience()));
        all.putAll(own);
        return all;
    }

    private static int millis(Duration time) {
        return Math.toIntExact(time.toMillis());
    }
}
