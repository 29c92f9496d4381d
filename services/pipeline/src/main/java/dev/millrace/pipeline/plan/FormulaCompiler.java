package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.MetricSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes the plans of formulas over measures. */
final class FormulaCompiler {
    private final Problems problems;
    private final MetricSettings settings;
    private final WindowCompiler windows;

    FormulaCompiler(Problems problems, MetricSettings settings, WindowCompiler windows) {
        this.problems = problems;
        this.settings = settings;
        this.windows = windows;
    }

    /**
     * The plan of a formula; {@code null} after noting why there is none.
     *
     * @param formulas the names of all formulas
     */
    FormulaPlan compile(
            String path, MetricSpec spec, Map<String, MetricPlan> measures, Set<String> formulas) {
        if (problems.isAnyBelow(path)) {
            return null;
        }
        if (spec.measure() != null) {
            problems.add(path + ".measure", "and formula are both there; keep one of them");
            return null;
        }
        settings.onlyForMeasures(path, spec);
        for (String name : formulas) {
            if (Pattern.compile("\\b" + name + "\\b(?!\\s*\\()").matcher(spec.formula()).find()) {
                problems.add(
                        path + ".formula",
                        "\"" + name + "\" is a formula; take the measures it is made of instead");
                return null;
            }
        }
        Formula formula =
                Formula.compile(path + ".formula", spec.formula(), measures.keySet(), problems)
                        .orElse(null);
        if (formula == null) {
            return null;
        }
        if (formula.metrics().isEmpty()) {
            problems.add(
                    path + ".formula",
                    "mentions no metric; use the names of others, such as purchases / views");
            return null;
        }
        boolean approximate =
                formula.metrics().stream().anyMatch(name -> measures.get(name).isApproximate());
        List<Window> common = new ArrayList<>(measures.get(formula.metrics().getFirst()).windows());
        formula.metrics().forEach(name -> common.retainAll(measures.get(name).windows()));
        if (spec.window() != null || spec.windows() != null) {
            List<Window> asked = windows.compile(path, spec);
            asked.stream()
                    .filter(window -> !common.contains(window))
                    .forEach(
                            window ->
                                    problems.add(
                                            path + ".windows",
                                            "not all of "
                                                    + String.join(", ", formula.metrics())
                                                    + " have the window "
                                                    + window
                                                    + "; add it to them"));
            if (asked.isEmpty()) {
                return null;
            }
            return new FormulaPlan(
                    spec.name(),
                    MetricSettings.title(spec),
                    formula,
                    asked,
                    spec.unit(),
                    approximate);
        }
        if (common.isEmpty()) {
            problems.add(
                    path + ".formula",
                    String.join(" and ", formula.metrics())
                            + " have no window in common; give them one");
            return null;
        }
        return new FormulaPlan(
                spec.name(),
                MetricSettings.title(spec),
                formula,
                List.copyOf(common),
                spec.unit(),
                approximate);
    }
}
