package dev.millrace.pipeline.plan;

/**
 * A panel of the dashboard.
 *
 * @param metric the metric's name
 * @param title its heading
 * @param window the window it opens with
 */
public record PanelPlan(String metric, String title, Window window) {}
