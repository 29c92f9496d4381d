package dev.millrace.api.history;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * How history is written, as {@code millrace.api.history.*}. What is kept, and for how long, is in
 * the manifest.
 *
 * @param enabled whether this process writes it; it is read all the same
 * @param every how often what has changed is written; 100 ms to 10 minutes
 * @param share which part of the time reading and writing may take: where it takes long, the next
 *     step comes later
 * @param lease after how long without a sign of life another replica goes on; at least 1 second
 * @param longest how long one request of a client may search Mongo
 */
@ConfigurationProperties(prefix = "millrace.api.history")
public record HistorySettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("10s") Duration every,
        @DefaultValue("0.2") double share,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("10s") Duration longest) {

    /**
     * Checks bounds.
     *
     * @throws IllegalArgumentException naming the setting that is out of bounds
     */
    public HistorySettings {
        if (every.compareTo(Duration.ofMillis(100)) < 0
                || every.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "millrace.api.history.every is not 100ms to 10m; write such as 10s");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "millrace.api.history.share is not above 0 and up to 1; write such as 0.2");
        }
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "millrace.api.history.lease is below 1s; write such as 30s");
        }
        if (longest.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "millrace.api.history.longest is below 100ms; write such as 10s");
        }
    }
}
