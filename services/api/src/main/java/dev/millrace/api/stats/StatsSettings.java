package dev.millrace.api.stats;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * How numbers are published, as {@code millrace.api.stats.*}. Which ones, and how often, is in the
 * manifest.
 *
 * @param enabled whether this process publishes them
 * @param heartbeat how often the pipeline's own message is sent at least; at least 100 ms
 * @param session after how long without a sign of life another replica goes on; 6 seconds or more,
 *     as Kafka allows no less
 * @param patience how long Kafka may take to answer; 1 second to 2 minutes
 * @param silence how long a page waits for what the topic does not say, besides {@code every}; 1
 *     second to 1 minute
 */
@ConfigurationProperties(prefix = "millrace.api.stats")
public record StatsSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("10s") Duration heartbeat,
        @DefaultValue("10s") Duration session,
        @DefaultValue("10s") Duration patience,
        @DefaultValue("5s") Duration silence) {

    /**
     * Checks bounds.
     *
     * @throws IllegalArgumentException naming the setting that is out of bounds
     */
    public StatsSettings {
        if (heartbeat.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "millrace.api.stats.heartbeat is below 100ms; write such as 10s");
        }
        if (session.compareTo(Duration.ofSeconds(6)) < 0) {
            throw new IllegalArgumentException(
                    "millrace.api.stats.session is below 6s; write such as 10s");
        }
        if (patience.compareTo(Duration.ofSeconds(1)) < 0
                || patience.compareTo(Duration.ofMinutes(2)) > 0) {
            throw new IllegalArgumentException(
                    "millrace.api.stats.patience is not 1s to 2m; write such as 10s");
        }
        if (silence.compareTo(Duration.ofSeconds(1)) < 0
                || silence.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "millrace.api.stats.silence is not 1s to 1m; write such as 5s");
        }
    }
}
