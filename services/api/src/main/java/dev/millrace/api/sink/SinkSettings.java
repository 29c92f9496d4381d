package dev.millrace.api.sink;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * How sinks are written, as {@code millrace.api.sinks.*}. What is written, and where, is in the
 * manifest.
 *
 * @param enabled whether this process writes them
 * @param every how often what has changed is written; 100 ms to 10 minutes
 * @param share which part of the time reading and writing may take: where it takes long, the next
 *     step comes later
 * @param lease after how long without a sign of life another replica goes on; at least three times
 *     {@code patience}
 * @param patience how long a server may take to answer; at least 100 ms
 * @param batch how many points are sent at once; 1 to 100000
 */
@ConfigurationProperties(prefix = "millrace.api.sinks")
public record SinkSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("10s") Duration every,
        @DefaultValue("0.2") double share,
        @DefaultValue("60s") Duration lease,
        @DefaultValue("10s") Duration patience,
        @DefaultValue("5000") int batch) {

    /**
     * Checks bounds.
     *
     * @throws IllegalArgumentException naming the setting that is out of bounds
     */
    public SinkSettings {
        if (every.compareTo(Duration.ofMillis(100)) < 0
                || every.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "millrace.api.sinks.every is not 100ms to 10m; write such as 10s");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "millrace.api.sinks.share is not above 0 and up to 1; write such as 0.2");
        }
        if (patience.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "millrace.api.sinks.patience is below 100ms; write such as 10s");
        }
        if (lease.compareTo(patience.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    "millrace.api.sinks.lease is below three times patience; write such as 60s");
        }
        if (batch < 1 || batch > 100_000) {
            throw new IllegalArgumentException(
                    "millrace.api.sinks.batch is not 1 to 100000; write such as 5000");
        }
    }
}
