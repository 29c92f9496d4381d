package dev.millrace.local.faults;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.processor.ProcessorConfiguration;

import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The processor's beans in a process of their own, without the web server and the search for beans
 * that take most of the time of a start: so that more faults fit into an hour.
 */
final class LoneProcessor {
    private LoneProcessor() {}

    /** Arguments: the manifest, Kafka's address, Redis' URL. */
    public static void main(String[] arguments) throws InterruptedException {
        KafkaProperties kafka = new KafkaProperties();
        kafka.setBootstrapServers(List.of(arguments[1]));
        // The dead and the held are noticed soon.
        kafka.getConsumer()
                .getProperties()
                .putAll(Map.of("session.timeout.ms", "3000", "heartbeat.interval.ms", "500"));
        LettuceConnectionFactory redis =
                new LettuceConnectionFactory(
                        (RedisStandaloneConfiguration)
                                LettuceConnectionFactory.createRedisConfiguration(
                                        RedisURI.create(arguments[2])));
        @SuppressWarnings("resource") // closed by its shutdown hook
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        var beans = context.getBeanFactory();
        beans.registerSingleton("plan", ManifestReader.read(Path.of(arguments[0])));
        beans.registerSingleton("kafka", kafka);
        context.registerBean(KafkaConnectionDetails.class, () -> kafka::getBootstrapServers);
        context.registerBean(RedisConnectionFactory.class, () -> redis);
        context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
        context.register(ProcessorConfiguration.class);
        context.registerShutdownHook();
        context.refresh();
        new CountDownLatch(1).await();
    }
}
