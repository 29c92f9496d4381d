package dev.millrace.pipeline.plan;

import java.time.Duration;

/**
 * How events are recorded.
 *
 * @param flush the longest that an event waits to be written
 * @param batch how many waiting events are written at once
 * @param retention how long records are kept; {@code null}: for ever
 */
public record AuditPlan(Duration flush, int batch, Duration retention) {}
