package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;

import java.util.List;

/**
 * What the dashboard shows.
 *
 * @param title its heading; by default the pipeline's name
 * @param live how numbers reach the page: {@code sse}, {@code websocket} or {@code polling};
 *     readers can choose another for themselves
 * @param through which way pushed numbers take: {@code snapshot}, from what the API reads of Redis,
 *     or {@code stats}, through the topic NAME-stats
 * @param panels which panels, in order; absent: one for each metric
 */
public record DashboardSpec(
        @JsonPropertyDescription("Its heading; by default the pipeline's name") String title,
        @JsonPropertyDescription(
                        "How numbers reach the page: sse, websocket or polling; readers can choose another for themselves")
                @Default("sse")
                Live live,
        @JsonPropertyDescription(
                        "Which way pushed numbers take: snapshot, from what the API reads of Redis, or stats, through the topic NAME-stats")
                @Default("snapshot")
                Through through,
        @JsonPropertyDescription("Which panels, in order; absent: one for each metric")
                List<PanelSpec> panels) {
    /** How numbers reach the page. Written in lower case in the manifest. */
    public enum Live {
        /** By server-sent events. */
        sse,
        /** By WebSocket. */
        websocket,
        /** Fetched every few seconds. */
        polling
    }

    /** Which way pushed numbers take to the page. Written in lower case in the manifest. */
    public enum Through {
        /** From what the API reads of Redis. */
        snapshot,
        /** Through the topic of numbers. */
        stats
    }

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
