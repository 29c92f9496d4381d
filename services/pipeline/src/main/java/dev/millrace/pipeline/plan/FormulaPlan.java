package dev.millrace.pipeline.plan;

import java.util.List;

/**
 * A number made of other metrics of the same window.
 *
 * @param name its name
 * @param title what people read
 * @param formula the checked expression over other metrics' names
 * @param windows its windows: those that all its metrics have
 * @param unit unit of its values, or {@code null}
 * @param isApproximate whether it is made of estimates
 */
public record FormulaPlan(
        String name,
        String title,
        Formula formula,
        List<Window> windows,
        String unit,
        boolean isApproximate)
        implements MetricPlan {}
