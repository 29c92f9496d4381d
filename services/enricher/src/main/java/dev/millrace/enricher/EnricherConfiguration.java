package dev.millrace.enricher;

import dev.millrace.enricher.run.EnrichingLoop;
import dev.millrace.enricher.table.TableLoader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.SchemaRegistry;

import io.micrometer.core.instrument.MeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import java.util.HashMap;
import java.util.Map;

/** The enricher's parts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EnricherSettings.class)
public class EnricherConfiguration {
    /** The enricher's metrics. */
    @Bean
    EnricherMeters enricherMeters(MeterRegistry registry) {
        return new EnricherMeters(registry);
    }

    /** The loop that makes streams from others. */
    @Bean
    EnrichingLoop enrichingLoop(
            Plan plan,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            EnricherSettings settings,
            EnricherMeters meters,
            Environment environment) {
        Map<String, Object> admin = new HashMap<>(kafka.buildAdminProperties());
        admin.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getAdmin().getBootstrapServers());
        return new EnrichingLoop(
                plan,
                () -> Admin.create(admin),
                loader(kafka, connection, settings),
                streams(plan, kafka, connection, settings),
                settings,
                meters,
                SchemaRegistry.of(plan, environment::getProperty));
    }

    /** Up while the enricher works. */
    @Bean
    EnricherHealth enricherHealthIndicator(EnrichingLoop loop) {
        return new EnricherHealth(loop);
    }

    private static TableLoader loader(
            KafkaProperties kafka, KafkaConnectionDetails connection, EnricherSettings settings) {
        Map<String, Object> consumer = new HashMap<>(kafka.buildConsumerProperties());
        consumer.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        consumer.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        Map<String, Object> producer = new HashMap<>(kafka.buildProducerProperties());
        producer.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        producer.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 << 20);
        producer.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
        producer.put(ProducerConfig.CLIENT_ID_CONFIG, "millrace-enricher-tables");
        return new TableLoader(
                () ->
                        new KafkaConsumer<>(
                                consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                () ->
                        new KafkaProducer<>(
                                producer, new ByteArraySerializer(), new ByteArraySerializer()),
                settings.tableRows());
    }

    /**
     * Settings of Kafka Streams; {@code spring.kafka.streams.properties} goes before those that
     * tune.
     */
    private static Map<String, Object> streams(
            Plan plan,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            EnricherSettings settings) {
        Map<String, Object> all = new HashMap<>();
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        // a member that dies is missed after 15 s, and its transaction is given up after 10 s
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 15_000);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 3_000);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 16 << 20);
        all.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 1_000);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        all.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 16L << 20);
        all.putAll(kafka.buildStreamsProperties());
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, plan.name() + "-enricher");
        all.put(
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getStreams().getBootstrapServers());
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        all.put(
                StreamsConfig.globalConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG),
                "read_committed");
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 3 << 20);
        all.put(
                StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
                ReceivedTime.class.getName());
        return all;
    }

    /**
     * Kafka's time of a record, as whoever counts the stream takes it; records of topics of others
     * may have none, which must not stop the stream.
     */
    public static final class ReceivedTime implements TimestampExtractor {
        @Override
        public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
            return Math.max(0, record.timestamp());
        }
    }
}
