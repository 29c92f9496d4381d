package dev.millrace.api.proof;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * How much is proven by itself, as {@code millrace.api.proof.*}.
 *
 * @param enabled whether anything is
 * @param every how often
 * @param buckets how many closed buckets each time, chosen at random
 * @param longest how long reading the audit's records may take each time
 * @param behind how long the audit is waited for, besides what the manifest lets an event wait
 * @param share which part of the time reading may take: where it takes long, the next time comes
 *     later
 * @param kept how many of the last comparisons are shown
 */
@ConfigurationProperties(prefix = "millrace.api.proof")
public record ProofSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("1m") Duration every,
        @DefaultValue("5") int buckets,
        @DefaultValue("10s") Duration longest,
        @DefaultValue("10s") Duration behind,
        @DefaultValue("0.03") double share,
        @DefaultValue("50") int kept) {

    /**
     * Checks bounds.
     *
     * @throws IllegalArgumentException naming the setting that is out of bounds
     */
    public ProofSettings {
        if (every.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("millrace.api.proof.every is below 100ms");
        }
        if (buckets < 1 || kept < 1) {
            throw new IllegalArgumentException(
                    "millrace.api.proof.buckets and .kept are numbers from 1 on");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "millrace.api.proof.share is not above 0 and up to 1, such as 0.03");
        }
    }
}
