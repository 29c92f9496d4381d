package dev.millrace.api.history;

import dev.millrace.api.mongo.MongoStore;
import dev.millrace.api.state.RollupReader;
import dev.millrace.pipeline.plan.Plan;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.time.Duration;

/** History's parts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HistorySettings.class)
@Import(HistoryController.class)
public class HistoryConfiguration {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The way to it. */
    @Bean
    public History history(
            Plan plan, HistorySettings settings, @Value("${spring.mongodb.uri:}") String mongo) {
        return new History(plan, new MongoStore(mongo, "history", settings.longest(), false));
    }

    /** How writing goes. */
    @Bean
    public HistoryLog historyLog(MeterRegistry registry) {
        return new HistoryLog(registry);
    }

    /** The thread that writes. */
    @Bean
    public HistoryWriter historyWriter(
            Plan plan,
            History history,
            LettuceConnectionFactory redis,
            HistorySettings settings,
            HistoryLog log) {
        return new HistoryWriter(
                plan, history, () -> RollupReader.open(plan, redis, PATIENCE), settings, log);
    }
}
