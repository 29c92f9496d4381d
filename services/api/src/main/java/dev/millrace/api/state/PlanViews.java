package dev.millrace.api.state;

import dev.millrace.api.window.Ranking;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.FormulaPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.Window;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Puts the windows of all metrics together, formulas computed. Used by one thread. */
final class PlanViews {
    private final Plan plan;
    private final Map<String, FormulaState> formulas = new LinkedHashMap<>();

    PlanViews(Plan plan) {
        this.plan = plan;
        for (MetricPlan metric : plan.metrics()) {
            if (metric instanceof FormulaPlan formula) {
                formulas.put(metric.name(), new FormulaState(formula));
            }
        }
    }

    /**
     * All metrics over all their windows, in the plan's order.
     *
     * @param measured the windows of a metric
     */
    List<WindowView> of(Function<MeasurePlan, List<WindowView>> measured) {
        Map<String, Map<Window, WindowView>> byMetric = new LinkedHashMap<>();
        plan.measures()
                .forEach(
                        metric -> {
                            Map<Window, WindowView> views = new LinkedHashMap<>();
                            measured.apply(metric).forEach(view -> views.put(view.window(), view));
                            byMetric.put(metric.name(), views);
                        });
        List<WindowView> all = new ArrayList<>();
        for (MetricPlan metric : plan.metrics()) {
            FormulaState formula = formulas.get(metric.name());
            if (formula == null) {
                all.addAll(byMetric.get(metric.name()).values());
                continue;
            }
            for (Window window : metric.windows()) {
                all.add(formula.view(window, name -> byMetric.get(name).get(window)));
            }
        }
        return List.copyOf(all);
    }

    /** The windows of {@code latest}, whose rows are known to Redis alone: as they were last. */
    static List<WindowView> known(MeasurePlan metric, Snapshot known) {
        return metric.windows().stream()
                .map(
                        window ->
                                known.view(metric.name(), window)
                                        .filter(view -> view.detail() != null)
                                        .orElseGet(() -> unknown(metric, window)))
                .toList();
    }

    /** A window of which nothing is known. */
    static WindowView unknown(MeasurePlan metric, Window window) {
        return WindowView.empty(metric, window, null, metric.isGrouped());
    }

    /** A window without what is from before a time, in milliseconds since 1970. */
    static WindowView since(long oldest, WindowView view) {
        Window window = view.window();
        boolean whole = view.from() >= oldest;
        if (whole && view.from() - window.length().toMillis() >= oldest) {
            return view;
        }
        return new WindowView(
                view.metric(),
                window,
                view.from(),
                view.to(),
                whole ? view.value() : null,
                null,
                whole || view.ranking() == null ? view.ranking() : Ranking.EMPTY,
                whole ? view.detail() : null,
                view.series().stream().filter(point -> point.seconds() * 1_000 >= oldest).toList());
    }
}
