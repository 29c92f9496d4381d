package dev.millrace.api.stats;

import dev.millrace.api.window.Snapshot.Totals;

import java.time.Instant;
import java.util.Map;

/**
 * What the topic says as of the end of a transaction. Immutable.
 *
 * @param at when the snapshot was made that it is of, by the clock of who wrote it
 * @param now the pipeline's clock then; {@code null} before the first event of an event clock
 * @param totals how many events its numbers are of
 * @param obstacle why a page of this plan cannot be made of it; {@code null}: it can
 * @param views what is known, by {@link Messages#view(String, String)}
 */
record Moment(
        Instant at, Instant now, Totals totals, String obstacle, Map<String, ViewNumbers> views) {}
