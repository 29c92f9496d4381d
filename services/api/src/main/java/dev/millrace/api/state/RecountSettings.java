package dev.millrace.api.state;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * How much the audit's records are counted while Redis is away, as {@code millrace.api.recount.*}.
 *
 * @param enabled whether they are
 * @param every how often it is asked whether there are new ones; 100 ms to 10 minutes
 * @param longest how long reading them may take each time; at least 100 ms
 * @param share which part of the time reading may take: where it takes long, the next time comes
 *     later
 * @param records how many may be read at a time
 * @param entries how many groups and different values of what is read may be in memory
 */
@ConfigurationProperties(prefix = "millrace.api.recount")
public record RecountSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("1s") Duration every,
        @DefaultValue("10s") Duration longest,
        @DefaultValue("0.1") double share,
        @DefaultValue("1000000") int records,
        @DefaultValue("1000000") int entries) {

    /**
     * Checks bounds.
     *
     * @throws IllegalArgumentException naming the setting that is out of bounds
     */
    public RecountSettings {
        if (every.compareTo(Duration.ofMillis(100)) < 0
                || every.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "millrace.api.recount.every is not 100ms to 10m; write such as 1s");
        }
        if (longest.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "millrace.api.recount.longest is below 100ms; write such as 10s");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "millrace.api.recount.share is not above 0 and up to 1; write such as 0.1");
        }
        if (records < 1 || entries < 1) {
            throw new IllegalArgumentException(
                    "millrace.api.recount.records and .entries are numbers from 1 on");
        }
    }
}
