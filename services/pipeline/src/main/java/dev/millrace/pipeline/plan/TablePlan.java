package dev.millrace.pipeline.plan;

/**
 * What is known about things.
 *
 * @param name its name
 * @param key the field that identifies a row
 * @param schema its fields
 */
public record TablePlan(String name, String key, Schema schema) {}
