package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Required;

import java.util.List;

/**
 * What the dashboard shows.
 *
 * @param title its heading; by default the pipeline's name
 * @param panels which panels, in order; absent: one for each metric
 */
public record DashboardSpec(
        @JsonPropertyDescription("Its heading; by default the pipeline's name") String title,
        @JsonPropertyDescription("Which panels, in order; absent: one for each metric")
                List<PanelSpec> panels) {
    /**
     * One panel.
     *
     * @param metric the metric it shows
     * @param title its heading; by default the metric's title
     * @param window the window it opens with; by default the metric's first
     */
    public record PanelSpec(
            @JsonPropertyDescription("The metric it shows") @Required String metric,
            @JsonPropertyDescription("Its heading; by default the metric's title") String title,
            @JsonPropertyDescription("The window it opens with; by default the metric's first")
                    String window) {}
}
