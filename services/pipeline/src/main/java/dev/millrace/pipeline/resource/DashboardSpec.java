package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Required;

import java.util.List;

/**
 * What the dashboard shows.
 *
 * @param title its heading; by default the pipeline's name
 * @param panels which panels, in order; absent: one for each metric
 */
public record DashboardSpec(String title, List<PanelSpec> panels) {
    /**
     * One panel.
     *
     * @param metric the metric it shows
     * @param title its heading; by default the metric's title
     * @param window the window it opens with; by default the metric's first
     */
    public record PanelSpec(@Required String metric, String title, String window) {}
}
