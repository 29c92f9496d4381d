package dev.millrace.pipeline.plan;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.Program;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.resource.FieldType;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which events count: a CEL expression over a stream's fields, type-checked against them. Safe for
 * use by many threads.
 */
public final class Condition {
    private final String source;
    private final Schema schema;
    private final Program program;
    private final PlainTest plain;

    private Condition(String source, Schema schema, Program program) {
        this.source = source;
        this.schema = schema;
        this.program = program;
        this.plain = PlainTest.compile(source, schema).orElse(null);
    }

    /** Compiles a condition; empty after noting what is wrong. */
    static Optional<Condition> compile(
            String path, String source, Schema schema, Problems problems) {
        Map<String, CelType> variables = new LinkedHashMap<>();
        schema.fields().forEach(field -> variables.put(field.name(), Expression.type(field)));
        return Expression.compile(path, source, variables, SimpleType.BOOL, problems)
                .map(compiled -> new Condition(source, schema, compiled.program()));
    }

    /** The expression as the manifest writes it. */
    public String source() {
        return source;
    }

    /**
     * Whether it is true of an event. An expression that cannot be evaluated, such as a comparison
     * with an optional field that is not there, is not true.
     */
    public boolean test(Event event) {
        return plain == null ? evaluate(event) : plain.of(event) == PlainTest.Outcome.TRUE;
    }

    /** As {@link #test}, but by the CEL runtime: what the short cut is measured against. */
    boolean evaluate(Event event) {
        CelVariableResolver fields = name -> schema.field(name).map(field -> value(event, field));
        try {
            return Boolean.TRUE.equals(program.eval(fields));
        } catch (CelEvaluationException e) {
            return false;
        }
    }

    private static Object value(Event event, FieldPlan field) {
        Object value = event.value(field);
        return field.type() == FieldType.timestamp && value != null
                ? Instant.ofEpochMilli((Long) value)
                : withNulls(value);
    }

    /** CEL knows null as a value of its own, within objects and arrays too. */
    static Object withNulls(Object value) {
        return switch (value) {
            case null -> NullValue.NULL_VALUE;
            case Map<?, ?> map -> {
                Map<Object, Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((name, part) -> copy.put(name, withNulls(part)));
                yield copy;
            }
            case List<?> list -> list.stream().map(Condition::withNulls).toList();
            default -> value;
        };
    }

    /** Whether it is tested without the CEL runtime. */
    boolean isPlain() {
        return plain != null;
    }

    @Override
    public String toString() {
        return source;
    }
}
