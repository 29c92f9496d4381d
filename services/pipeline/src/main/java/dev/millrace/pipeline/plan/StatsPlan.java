package dev.millrace.pipeline.plan;

import java.time.Duration;
import java.util.List;

/**
 * Which numbers are published in a topic of their own.
 *
 * @param metrics those whose numbers are; at least one
 * @param groups how many groups of each metric and window are, the highest ones
 * @param every how often a number is at most
 */
public record StatsPlan(List<MetricPlan> metrics, int groups, Duration every) {}
