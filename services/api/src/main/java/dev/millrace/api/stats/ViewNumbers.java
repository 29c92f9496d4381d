package dev.millrace.api.stats;

import dev.millrace.api.window.Percentiles;
import dev.millrace.api.window.Ranking;

/**
 * The numbers of a metric over a window as the topic has them. Immutable.
 *
 * @param value of the whole; {@code null} where it has none
 * @param previous of the window before; {@code null} where there is none
 * @param ranking its groups, as far as they are published; {@code null}: it has none
 * @param percentiles how its numbers are distributed; {@code null} for other measures
 */
record ViewNumbers(Number value, Number previous, Ranking ranking, Percentiles percentiles) {}
