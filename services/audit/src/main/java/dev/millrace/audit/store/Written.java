package dev.millrace.audit.store;

/**
 * What became of written events.
 *
 * @param success valid ones that were recorded
 * @param failed invalid ones that were recorded
 * @param duplicates ones that had been recorded before
 * @param refused valid ones that the store refused and that were recorded as failed ones instead
 * @param dropped ones of which the store took no record at all
 */
public record Written(int success, int failed, int duplicates, int refused, int dropped) {}
