package dev.millrace.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.OptionalDouble;

/** Formulas over metrics: their values, and where there is none. */
class FormulaTest {
    private static FormulaPlan formula(String formula, String more) {
        return (FormulaPlan)
                TestPlans.plan(
                                """
                                  streams: [{name: events, fields: {a: {type: string}}}]
                                  metrics:
                                    - {name: views, measure: count, windows: [5m, 1h, all]}
                                    - {name: buys, measure: count, windows: [all, 1h]}
                                    - {name: double, measure: count, window: 1d}
                                    - {name: f, formula: '%s'%s}
                                """
                                        .formatted(formula, more))
                        .metric("f")
                        .orElseThrow();
    }

    private static OptionalDouble value(String formula, double views, double buys) {
        Map<String, Double> values = Map.of("views", views, "buys", buys);
        return formula(formula, "").formula().evaluate(values::get);
    }

    @ParameterizedTest
    @CsvSource({
        "buys / views, 4, 1, 0.25",
        "buys / views * 100.0, 4, 1, 25",
        "views - buys, 4, 1, 3",
        "-views, 4, 1, -4",
        "views > 0.0 ? buys / views : 0.0, 0, 1, 0",
        "views > 0 ? buys / views : -1.0, 0, 1, -1",
        "buys + double(1), 0, 1, 2",
    })
    void computesWhatItSays(String formula, double views, double buys, double result) {
        assertThat(value(formula, views, buys)).hasValue(result);
    }

    @ParameterizedTest
    @CsvSource({
        "buys / views, 0, 1",
        "buys / views, 0, 0",
        "0.0 / (views - buys), 3, 3",
        "buys * views, 1e200, 1e200",
        "views / buys, NaN, 1",
        "double(int(views)), 1e300, 1"
    })
    void hasNoValueWhereThereIsNone(String formula, double views, double buys) {
        assertThat(value(formula, views, buys)).isEmpty();
    }

    @Test
    void needsTheMetricsItMentionsAndHasTheWindowsTheyShare() {
        FormulaPlan plan = formula("double(buys / views)", "");
        assertThat(plan.formula().metrics()).containsExactly("views", "buys");
        assertThat(plan.windows()).extracting(Window::text).containsExactly("1h", "all");
        assertThat(formula("views * 2.0", "").windows())
                .extracting(Window::text)
                .containsExactly("5m", "1h", "all");
        assertThat(formula("views * 2.0", ", windows: [all, 5m]").windows())
                .extracting(Window::text)
                .containsExactly("all", "5m");
    }
}
