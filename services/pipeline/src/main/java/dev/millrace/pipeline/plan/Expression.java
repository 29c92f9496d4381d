package dev.millrace.pipeline.plan;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A compiled CEL expression.
 *
 * @param program what evaluates it; safe for use by many threads
 * @param variables the variables that it mentions
 * @param result the type of what it gives
 */
record Expression(Program program, Set<String> variables, CelType result) {
    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .enableHeterogeneousNumericComparisons(true)
                    .maxExpressionCodePointSize(4_000)
                    .comprehensionMaxIterations(10_000)
                    .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();

    /** Compiles an expression over variables; empty after noting what is wrong. */
    static Optional<Expression> compile(
            String path,
            String source,
            Map<String, CelType> variables,
            CelType result,
            Problems problems) {
        CelCompilerBuilder builder =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(OPTIONS)
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS);
        variables.forEach(builder::addVar);
        if (result != SimpleType.DYN) {
            builder.setResultType(result);
        }
        try {
            CelValidationResult checked = builder.build().compile(source);
            if (checked.hasError()) {
                new ExpressionFaults(path, variables.keySet(), problems).add(checked.getErrors());
                return Optional.empty();
            }
            CelAbstractSyntaxTree tree = checked.getAst();
            Set<String> mentioned =
                    tree.getReferenceMap().values().stream()
                            .map(CelReference::name)
                            .filter(variables::containsKey)
                            .collect(Collectors.toUnmodifiableSet());
            return Optional.of(
                    new Expression(RUNTIME.createProgram(tree), mentioned, tree.getResultType()));
        } catch (CelValidationException | CelEvaluationException e) {
            problems.add(path, "cannot be compiled: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The CEL type of a field: optional ones may be null. */
    static CelType type(FieldPlan field) {
        if (field.type() == null) {
            return SimpleType.DYN;
        }
        CelType type =
                switch (field.type()) {
                    case string -> SimpleType.STRING;
                    case integer -> SimpleType.INT;
                    case number -> SimpleType.DOUBLE;
                    case bool -> SimpleType.BOOL;
                    case timestamp -> SimpleType.TIMESTAMP;
                    case object -> MapType.create(SimpleType.STRING, SimpleType.DYN);
                    case array -> ListType.create(SimpleType.DYN);
                };
        return field.required() || !field.isScalar() ? type : NullableType.create(type);
    }
}
