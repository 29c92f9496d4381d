package dev.millrace.pipeline.plan;

import java.time.Duration;

/**
 * What is kept of the past.
 *
 * @param enabled whether anything is
 * @param minutes how long numbers of minutes are kept
 * @param hours how long those of hours are kept
 * @param days how long those of days are kept; {@code null}: for ever
 * @param groups how many groups of each are kept, the highest ones
 */
public record HistoryPlan(
        boolean enabled, Duration minutes, Duration hours, Duration days, int groups) {}
