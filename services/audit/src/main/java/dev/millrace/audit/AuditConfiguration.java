package dev.millrace.audit;

import com.mongodb.client.MongoClient;

import dev.millrace.audit.consume.Recorder;
import dev.millrace.audit.store.EventStore;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.SchemaRegistry;

import io.micrometer.core.instrument.MeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.mongodb.autoconfigure.MongoConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The audit's beans. Needs a {@link Plan}, and Spring Boot's own Kafka and Mongo clients and meter
 * registry.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditSettings.class)
public class AuditConfiguration {
    private static final String DATABASE = "millrace";

    /** Bounds on waiting for Mongo, unless {@code MONGODB_URI} has others. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    public MongoClientSettingsBuilderCustomizer auditMongoTimeouts() {
        return client ->
                client.applicationName("millrace-audit")
                        .applyToClusterSettings(
                                cluster -> cluster.serverSelectionTimeout(5, TimeUnit.SECONDS))
                        .applyToSocketSettings(
                                socket ->
                                        socket.connectTimeout(5, TimeUnit.SECONDS)
                                                .readTimeout(30, TimeUnit.SECONDS));
    }

    @Bean
    public AuditMeters auditMeters(MeterRegistry registry) {
        return new AuditMeters(registry);
    }

    /** The health component {@code audit}: for readiness, not for liveness. */
    @Bean
    public AuditStatus auditHealthIndicator() {
        return new AuditStatus();
    }

    @Bean
    public EventStore auditEventStore(
            MongoClient client,
            MongoConnectionDetails connection,
            Plan plan,
            AuditSettings settings) {
        String database =
                Optional.ofNullable(connection.getConnectionString().getDatabase())
                        .orElse(DATABASE);
        return new EventStore(
                client.getDatabase(database), settings.collection(), plan.audit().retention());
    }

    @Bean
    public Recorder auditRecorder(
            Plan plan,
            AuditSettings settings,
            AuditMeters meters,
            AuditStatus status,
            KafkaAdmin admin,
            ConsumerFactory<?, ?> consumers,
            EventStore store,
            Environment environment) {
        Map<String, Object> properties = new HashMap<>(consumers.getConfigurationProperties());
        properties.putAll(Recorder.consumerSettings(plan));
        Map<String, Object> adminProperties = new HashMap<>(admin.getConfigurationProperties());
        adminProperties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        adminProperties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        ConsumerFactory<byte[], byte[]> own =
                new DefaultKafkaConsumerFactory<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return new Recorder(
                plan,
                settings,
                meters,
                status,
                () -> Admin.create(adminProperties),
                own::createConsumer,
                store,
                SchemaRegistry.of(plan, environment::getProperty));
    }
}
