package dev.millrace.audit.recount;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What a metric must be over a span of time.
 *
 * @param value the number; of a metric with groups the number of all groups together, where a value
 *     that is in several groups of {@code unique} counts once
 * @param groups the number of each group, by {@link dev.millrace.pipeline.state.GroupKey}; empty
 *     for a metric without groups
 * @param unreadable how many recorded events are not valid by this plan, as after a change of the
 *     stream's fields; they do not count
 */
public record Counted(BigDecimal value, Map<String, BigDecimal> groups, long unreadable) {}
