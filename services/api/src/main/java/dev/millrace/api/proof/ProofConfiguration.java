package dev.millrace.api.proof;

import dev.millrace.api.mongo.MongoStore;
import dev.millrace.pipeline.plan.Plan;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.time.Duration;
import java.util.function.Supplier;

/** The proof's parts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProofSettings.class)
@Import(ProofController.class)
public class ProofConfiguration {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What came out. */
    @Bean
    public ProofLog proofLog(MeterRegistry registry, ProofSettings settings) {
        return new ProofLog(registry, settings.kept());
    }

    /** The thread that compares. */
    @Bean
    public ContinuousProof continuousProof(
            Plan plan,
            LettuceConnectionFactory redis,
            ProofSettings settings,
            ProofLog proofs,
            @Value("${spring.mongodb.uri:}") String mongo,
            @Value("${millrace.audit.collection:events}") String events) {
        return new ContinuousProof(
                plan,
                connection(redis),
                PATIENCE,
                new MongoStore(mongo, "proof", settings.longest(), false),
                events,
                settings,
                proofs);
    }

    /** A connection of its own, which large answers may hold up; made when it is first needed. */
    private static Supplier<RedisClusterAsyncCommands<String, String>> connection(
            LettuceConnectionFactory factory) {
        return new Supplier<>() {
            private StatefulConnection<String, String> connection;
            private RedisClusterAsyncCommands<String, String> commands;

            @Override
            public RedisClusterAsyncCommands<String, String> get() {
                if (connection == null || !connection.isOpen()) {
                    switch (factory.getRequiredNativeClient()) {
                        case RedisClient client -> {
                            var one = client.connect(StringCodec.UTF8);
                            connection = one;
                            commands = one.async();
                        }
                        case RedisClusterClient client -> {
                            var one = client.connect(StringCodec.UTF8);
                            connection = one;
                            commands = one.async();
                        }
                        default ->
                                throw new IllegalStateException(
                                        "The Redis client is neither for one server nor for a cluster");
                    }
                }
                return commands;
            }
        };
    }
}
