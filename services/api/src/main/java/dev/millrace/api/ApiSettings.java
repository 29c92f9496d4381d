package dev.millrace.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * Settings of the API, as {@code millrace.api.*}.
 *
 * @param tick how often Redis is read; 10 ms to 1 minute
 * @param push how often, at most, clients are sent what changed
 * @param heartbeat after how long without a message a comment is sent, so that connections stay
 *     open and dead ones are noticed
 * @param clients how many clients may stream at a time
 * @param patience how long Redis may take for an answer
 */
@ConfigurationProperties(prefix = "millrace.api")
public record ApiSettings(
        @DefaultValue("100ms") Duration tick,
        @DefaultValue("500ms") Duration push,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("1000") int clients,
        @DefaultValue("2s") Duration patience) {

    /**
     * Checks bounds.
     *
     * @throws IllegalArgumentException naming the setting that is out of bounds
     */
    public ApiSettings {
        check("tick", tick, Duration.ofMillis(10), Duration.ofMinutes(1));
        check("push", push, Duration.ofMillis(10), Duration.ofMinutes(1));
        check("heartbeat", heartbeat, Duration.ofMillis(10), Duration.ofMinutes(5));
        check("patience", patience, Duration.ofMillis(10), Duration.ofMinutes(1));
        if (clients < 0) {
            throw new IllegalArgumentException("millrace.api.clients is below 0; write a limit");
        }
    }

    private static void check(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "millrace.api.%s is %d ms; write %d ms to %d ms"
                            .formatted(name, value.toMillis(), least.toMillis(), most.toMillis()));
        }
    }
}
