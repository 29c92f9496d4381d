package dev.millrace.api.stats;

import dev.millrace.api.window.Snapshots;
import dev.millrace.pipeline.plan.Plan;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What publishes numbers and follows them, where the manifest says so. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StatsSettings.class)
public class StatsConfiguration {
    /** How publishing goes. */
    @Bean
    public StatsLog statsLog(Plan plan, MeterRegistry registry) {
        return new StatsLog(plan.stats() == null ? null : plan.statsTopic(), registry);
    }

    /** The clients of Kafka. */
    @Bean
    Clients statsClients(
            KafkaProperties kafka, KafkaConnectionDetails connection, StatsSettings settings) {
        return new Clients(kafka, connection, settings);
    }

    /** The thread that publishes. */
    @Bean
    StatsWriter statsWriter(
            Plan plan, Snapshots snapshots, Clients clients, StatsSettings settings, StatsLog log) {
        return new StatsWriter(plan, snapshots, clients, settings, log);
    }

    /** What pages are pushed. */
    @Bean
    public PageFeed pageFeed(Plan plan, Snapshots snapshots, StatsSettings settings, StatsLog log) {
        return new PageFeed(plan, snapshots, settings, log);
    }

    /** The thread that follows what is published. */
    @Bean
    StatsFollower statsFollower(Plan plan, Clients clients, PageFeed feed, StatsLog log) {
        return new StatsFollower(plan, clients, feed, log);
    }
}
