package dev.millrace.pipeline.plan;

/**
 * What Prometheus gets of the numbers.
 *
 * @param groups how many groups of a metric and window, the highest ones
 */
public record MonitoringPlan(int groups) {}
