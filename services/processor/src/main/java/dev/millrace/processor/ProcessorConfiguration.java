package dev.millrace.processor;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.SchemaRegistry;
import dev.millrace.processor.deadletter.DeadLetterSender;
import dev.millrace.processor.loop.Counting;
import dev.millrace.processor.loop.ProcessingLoop;
import dev.millrace.processor.state.Generations;
import dev.millrace.processor.state.WindowStore;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.micrometer.core.instrument.MeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** The processor's parts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProcessorSettings.class)
public class ProcessorConfiguration {
    /** The processor's metrics. */
    @Bean
    ProcessorMeters processorMeters(MeterRegistry registry) {
        return new ProcessorMeters(registry);
    }

    /** Sends dead letters; waits for all replicas. */
    @Bean
    DeadLetterSender processorDeadLetters(
            Plan plan, KafkaProperties kafka, KafkaConnectionDetails connection) {
        Map<String, Object> settings = new HashMap<>(kafka.buildProducerProperties());
        settings.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 << 20);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L << 20);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "millrace-processor");
        return new DeadLetterSender(
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()),
                plan.deadLetterTopic());
    }

    /** Where a changed manifest is counted anew. */
    @Bean
    BesideDatabase besideDatabase(RedisConnectionFactory redis) {
        return new BesideDatabase(redis);
    }

    /** The thread that counts. */
    @Bean
    ProcessingLoop processingLoop(
            Plan plan,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            RedisConnectionFactory redis,
            BesideDatabase behind,
            DeadLetterSender letters,
            ProcessorSettings settings,
            ProcessorMeters meters,
            Environment environment) {
        WindowStore store =
                new WindowStore(
                        plan,
                        commands(redis),
                        settings.redisTimeout(),
                        () -> Thread.startVirtualThread(() -> reconnect(redis)));
        Counting counting =
                new Counting(
                        plan,
                        store,
                        letters,
                        SchemaRegistry.of(plan, environment::getProperty),
                        settings.packAbove());
        Map<String, Object> admin = new HashMap<>(kafka.buildAdminProperties());
        admin.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getAdmin().getBootstrapServers());
        return new ProcessingLoop(
                counting,
                new Generations(
                        store,
                        behind.isThere()
                                ? new WindowStore(
                                        plan,
                                        behind::commands,
                                        settings.redisTimeout(),
                                        () -> Thread.startVirtualThread(behind::reconnect))
                                : null,
                        behind.liveNumber(),
                        counting.topics()),
                () -> Admin.create(admin),
                consumers(plan, kafka, connection),
                settings,
                meters);
    }

    /** Up while the processor counts. */
    @Bean
    ProcessorHealth processorHealthIndicator(ProcessingLoop loop) {
        return new ProcessorHealth(loop);
    }

    private static Function<String, Consumer<ByteBuffer, ByteBuffer>> consumers(
            Plan plan, KafkaProperties kafka, KafkaConnectionDetails connection) {
        Map<String, Object> settings = new HashMap<>(kafka.buildConsumerProperties());
        settings.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        // What is fetched and not counted yet lives long enough to be moved to the old generation.
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 << 10);
        settings.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        DefaultKafkaConsumerFactory<ByteBuffer, ByteBuffer> factory =
                new DefaultKafkaConsumerFactory<>(
                        settings, new ByteBufferDeserializer(), new ByteBufferDeserializer());
        return group -> factory.createConsumer(group, null, null);
    }

    private static void reconnect(RedisConnectionFactory factory) {
        if (factory instanceof LettuceConnectionFactory lettuce) {
            lettuce.resetConnection();
        }
    }

    /**
     * The commands of the factory's shared connection: Lettuce sends them one behind the other
     * without waiting.
     */
    @SuppressWarnings("unchecked")
    private static Supplier<RedisClusterAsyncCommands<byte[], byte[]>> commands(
            RedisConnectionFactory factory) {
        return () ->
                (RedisClusterAsyncCommands<byte[], byte[]>)
                        factory.getConnection().getNativeConnection();
    }
}
