package dev.millrace.pipeline.plan;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** A CEL expression over the values of other metrics. Safe for use by many threads. */
public final class Formula {
    private final String source;
    private final List<String> metrics;
    private final Program program;

    private Formula(String source, List<String> metrics, Program program) {
        this.source = source;
        this.metrics = metrics;
        this.program = program;
    }

    /** Compiles a formula; empty after noting what is wrong. */
    static Optional<Formula> compile(
            String path, String source, Iterable<String> known, Problems problems) {
        Map<String, CelType> variables = new LinkedHashMap<>();
        known.forEach(name -> variables.put(name, SimpleType.DOUBLE));
        return Expression.compile(path, source, variables, SimpleType.DOUBLE, problems)
                .map(
                        compiled ->
                                new Formula(
                                        source,
                                        variables.keySet().stream()
                                                .filter(compiled.variables()::contains)
                                                .toList(),
                                        compiled.program()));
    }

    /** The expression as the manifest writes it. */
    public String source() {
        return source;
    }

    /** The names of the metrics it needs. */
    public List<String> metrics() {
        return metrics;
    }

    /**
     * Its value where each metric has one; empty where there is none, as after a division by zero.
     */
    public OptionalDouble evaluate(ToDoubleFunction<String> values) {
        Map<String, Object> variables = new HashMap<>();
        metrics.forEach(name -> variables.put(name, values.applyAsDouble(name)));
        try {
            double result = (Double) program.eval(variables);
            return Double.isFinite(result) ? OptionalDouble.of(result) : OptionalDouble.empty();
        } catch (CelEvaluationException e) {
            return OptionalDouble.empty();
        }
    }
}
