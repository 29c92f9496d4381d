package dev.millrace.pipeline.plan;

import java.util.List;
import java.util.Optional;

/**
 * A number that the pipeline keeps: a {@link MeasurePlan} of a stream, or a {@link FormulaPlan}
 * over others.
 */
public sealed interface MetricPlan permits MeasurePlan, FormulaPlan {
    /** Unique name. */
    String name();

    /** What people read. */
    String title();

    /** Its windows; the first is the default. */
    List<Window> windows();

    /** Unit of its values; {@code null} for plain numbers. */
    String unit();

    /** Whether its values are estimates, or made of such. */
    boolean isApproximate();

    /** The window of a text. */
    default Optional<Window> window(String text) {
        return windows().stream().filter(window -> window.text().equals(text)).findFirst();
    }
}
