package dev.millrace.pipeline.plan;

import dev.cel.common.types.CelType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.Program;
import dev.millrace.pipeline.resource.FieldType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A field that is computed from others: a CEL expression, type-checked against them. Safe for use
 * by many threads.
 */
public final class Computation {
    private final String source;
    private final FieldPlan field;
    private final Map<String, FieldPlan> variables;
    private final Program program;

    private Computation(
            String source, FieldPlan field, Map<String, FieldPlan> variables, Program program) {
        this.source = source;
        this.field = field;
        this.variables = variables;
        this.program = program;
    }

    /** That an expression cannot be evaluated, although all that it mentions is there. */
    public static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        private FailedException(String message) {
            super(message);
        }
    }

    /**
     * Compiles an expression; empty after noting what is wrong.
     *
     * @param index the field's place in an event's values
     * @param fields the fields that it may mention
     */
    static Optional<Computation> compile(
            String path,
            String name,
            int index,
            String source,
            Map<String, FieldPlan> fields,
            Problems problems) {
        Map<String, CelType> types = new LinkedHashMap<>();
        fields.values().forEach(field -> types.put(field.name(), Expression.type(field)));
        Expression compiled =
                Expression.compile(path, source, types, SimpleType.DYN, problems).orElse(null);
        if (compiled == null) {
            return Optional.empty();
        }
        boolean nullable = compiled.result() instanceof NullableType;
        CelType result =
                compiled.result() instanceof NullableType wrapped
                        ? wrapped.targetType()
                        : compiled.result();
        FieldType type = fieldType(result);
        if (type == null) {
            if (compiled.variables().stream().anyMatch(of -> fields.get(of).type() == null)) {
                return Optional.empty(); // for what was noted of that field
            }
            problems.add(
                    path,
                    switch (result.kind()) {
                        case DYN, ANY, ERROR, NULL_TYPE, TYPE_PARAM ->
                                "gives a value whose type is not known beforehand; write string(...), int(...),"
                                        + " double(...) or bool(...) around it";
                        default ->
                                "gives a "
                                        + result.name()
                                        + ", which no field can hold; write string(...) or int(...) around it";
                    });
            return Optional.empty();
        }
        Map<String, FieldPlan> mentioned = new LinkedHashMap<>();
        compiled.variables().forEach(variable -> mentioned.put(variable, fields.get(variable)));
        boolean required =
                !nullable
                        && mentioned.values().stream()
                                .allMatch(field -> field.required() || !field.isScalar());
        FieldPlan field =
                new FieldPlan(
                        index,
                        name,
                        List.of(name.split("\\.")),
                        type,
                        required,
                        Set.of(),
                        Map.of());
        return Optional.of(new Computation(source, field, mentioned, compiled.program()));
    }

    private static FieldType fieldType(CelType type) {
        return switch (type.kind()) {
            case STRING -> FieldType.string;
            case INT -> FieldType.integer;
            case DOUBLE -> FieldType.number;
            case BOOL -> FieldType.bool;
            case TIMESTAMP -> FieldType.timestamp;
            case MAP -> FieldType.object;
            case LIST -> FieldType.array;
            default -> null;
        };
    }

    /** The expression as the manifest writes it. */
    public String source() {
        return source;
    }

    /** The field that it gives. */
    public FieldPlan field() {
        return field;
    }

    /**
     * Computes the field.
     *
     * @param values the values of an event by the fields' indexes, as {@code Event} has them
     * @return a value as {@code Event} has it; {@code null} where the expression gives none, or
     *     where it cannot be evaluated because something that it mentions is missing
     * @throws FailedException where it cannot be evaluated although nothing is missing, such as a
     *     division by zero
     */
    public Object compute(Object[] values) throws FailedException {
        CelVariableResolver resolver =
                name -> Optional.ofNullable(variables.get(name)).map(of -> value(values, of));
        try {
            return fromCel(program.eval(resolver));
        } catch (CelEvaluationException | ArithmeticException e) {
            for (FieldPlan variable : variables.values()) {
                if (values[variable.index()] == null) {
                    return null;
                }
            }
            throw new FailedException(e.getMessage());
        }
    }

    private static Object value(Object[] values, FieldPlan field) {
        Object value = values[field.index()];
        return field.type() == FieldType.timestamp && value != null
                ? Instant.ofEpochMilli((Long) value)
                : Condition.withNulls(value);
    }

    private static Object fromCel(Object value) {
        return switch (value) {
            case null -> null;
            case NullValue _ -> null;
            case Instant time -> time.toEpochMilli();
            case Map<?, ?> map -> {
                Map<String, Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((name, part) -> copy.put(String.valueOf(name), fromCel(part)));
                yield copy;
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                list.forEach(part -> copy.add(fromCel(part)));
                yield copy;
            }
            default -> value;
        };
    }

    @Override
    public String toString() {
        return source;
    }
}
