package dev.millrace.api.stats;

import dev.millrace.api.window.Snapshots;
import dev.millrace.pipeline.plan.Plan;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What publishes numbers, where the manifest says so. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StatsSettings.class)
public class StatsConfiguration {
    /** How publishing goes. */
    @Bean
    public StatsLog statsLog(Plan plan, MeterRegistry registry) {
        return new StatsLog(plan.stats() == null ? null : plan.statsTopic(), registry);
    }

    /** The thread that publishes. */
    @Bean
    public StatsWriter statsWriter(
            Plan plan,
            Snapshots snapshots,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            StatsSettings settings,
            StatsLog log) {
        return new StatsWriter(
                plan, snapshots, new Clients(kafka, connection, settings), settings, log);
    }
}
