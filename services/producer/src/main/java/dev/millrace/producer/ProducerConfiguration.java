package dev.millrace.producer;

import dev.millrace.pipeline.event.EventLimits;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.SchemaRegistry;
import dev.millrace.producer.collect.Budget;
import dev.millrace.producer.collect.CollectorController;
import dev.millrace.producer.generate.GeneratorSwitch;
import dev.millrace.producer.generate.Generators;
import dev.millrace.producer.send.Encodings;
import dev.millrace.producer.send.EventSender;
import dev.millrace.producer.send.TopicWait;

import io.micrometer.core.instrument.MeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The producer's beans. Needs a {@link Plan} bean and Spring Boot's auto-configuration. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProducerSettings.class)
@Import(CollectorController.class)
public class ProducerConfiguration {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    @Bean
    Budget producerBudget(ProducerSettings settings) {
        return new Budget((int) settings.maxInFlight().toBytes());
    }

    @Bean
    ProducerMeters producerMeters(MeterRegistry registry, Budget budget) {
        return new ProducerMeters(registry, budget::taken);
    }

    @Bean
    EventSender producerEventSender(
            KafkaProperties kafka, KafkaConnectionDetails connection, ProducerSettings settings) {
        return new EventSender(() -> client(kafka, connection, settings));
    }

    /** How events are written; of Avro, with the registry of the settings. */
    @Bean
    Encodings producerEncodings(Plan plan, Environment environment) {
        return new Encodings(plan, SchemaRegistry.of(plan, environment::getProperty));
    }

    @Bean
    TopicWait producerTopicWait(
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            Plan plan,
            Encodings encodings) {
        return new TopicWait(() -> admin(kafka, connection), plan, encodings);
    }

    /**
     * Whether synthetic events are made, from {@code millrace.producer.generator.enabled} and
     * {@code .rate}, or from the environment's MILLRACE_GENERATOR and MILLRACE_GENERATOR_RATE.
     */
    @Bean
    GeneratorSwitch producerGeneratorSwitch(
            @Value("${millrace.producer.generator.enabled:${MILLRACE_GENERATOR:true}}")
                    boolean enabled,
            @Value("${millrace.producer.generator.rate:${MILLRACE_GENERATOR_RATE:}}")
                    Integer rate) {
        return new GeneratorSwitch(enabled, rate);
    }

    @Bean
    Generators producerGenerators(
            Plan plan,
            GeneratorSwitch setting,
            EventSender sender,
            TopicWait topics,
            Encodings encodings,
            ProducerMeters meters) {
        return new Generators(plan, setting, sender, topics, encodings, meters);
    }

    @Bean
    HealthIndicator producerReadiness(TopicWait topics) {
        return () ->
                topics.obstacle()
                        .map(reason -> Health.down().withDetail("reason", reason).build())
                        .orElseGet(() -> Health.up().build());
    }

    /**
     * Lets Tomcat read the rest of a body that is refused, as a client that is still sending would
     * see a broken connection rather than the problem; and keep connections for more than the usual
     * 100 requests, as those who send many would connect anew all the time.
     */
    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> producerConnections(
            ProducerSettings settings) {
        long most = 2 * settings.maxBody().toBytes();
        return factory ->
                factory.addConnectorCustomizers(
                        connector -> {
                            connector.setProperty("maxSwallowSize", Long.toString(most));
                            connector.setProperty("maxKeepAliveRequests", "-1");
                        });
    }

    /**
     * Tells which web pages may send events. Without it, browsers would still let any page post
     * plain text here, and only keep the answer from it.
     */
    @Bean
    WebMvcConfigurer producerOrigins(ProducerSettings settings) {
        return new WebMvcConfigurer() {
            @Override
            public void addCorsMappings(CorsRegistry registry) {
                for (String path : List.of("/api/v1/events", "/api/v1/streams/*/events")) {
                    registry.addMapping(path)
                            .allowedOrigins(settings.allowedOrigins().toArray(String[]::new))
                            .allowedMethods("POST");
                }
            }
        };
    }

    /** The client that events are sent with. */
    public static Producer<byte[], byte[]> client(
            KafkaProperties kafka, KafkaConnectionDetails connection, ProducerSettings settings) {
        Map<String, Object> properties = kafka.buildProducerProperties();
        properties.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "millrace-producer");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.compression());
        properties.put(ProducerConfig.LINGER_MS_CONFIG, (int) settings.linger().toMillis());
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.buffer().toBytes());
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, EventLimits.BATCH_BYTES);
        properties.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) settings.deliveryTimeout().toMillis());
        Duration half = settings.deliveryTimeout().dividedBy(2);
        int request =
                (int) (half.compareTo(REQUEST_TIMEOUT) < 0 ? half : REQUEST_TIMEOUT).toMillis();
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, request);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, request);
        return new KafkaProducer<>(
                properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Admin admin(KafkaProperties kafka, KafkaConnectionDetails connection) {
        Map<String, Object> properties = kafka.buildAdminProperties();
        properties.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getAdmin().getBootstrapServers());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "millrace-producer-topics");
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return Admin.create(properties);
    }
}
