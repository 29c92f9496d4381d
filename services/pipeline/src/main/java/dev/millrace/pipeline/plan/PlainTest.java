package dev.millrace.pipeline.plan;

import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.resource.FieldType;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * A condition of comparisons with literals, tested many times faster than the CEL runtime does,
 * with the same outcome. Expressions of another kind have none.
 */
interface PlainTest {
    /** What CEL makes of a condition. */
    enum Outcome {
        FALSE,
        TRUE,
        /** It cannot be evaluated: something is not there. */
        ERROR;

        static Outcome of(boolean value) {
            return value ? TRUE : FALSE;
        }

        Outcome not() {
            return switch (this) {
                case FALSE -> TRUE;
                case TRUE -> FALSE;
                case ERROR -> ERROR;
            };
        }
    }

    /** Tests an event. */
    Outcome of(Event event);

    /** The test of an expression that the CEL compiler accepted; empty where there is none. */
    static Optional<PlainTest> compile(String source, Schema schema) {
        CelParser parser = CelParserFactory.standardCelParserBuilder().build();
        try {
            return Optional.ofNullable(
                    new Compiler(schema).test(parser.parse(source).getAst().getExpr()));
        } catch (CelValidationException _) {
            return Optional.empty();
        }
    }

    /** Gives {@code null} for whatever it does not know. */
    record Compiler(Schema schema) {
        PlainTest test(CelExpr expression) {
            ExprKind.Kind kind = expression.exprKind().getKind();
            if (kind != ExprKind.Kind.CALL) {
                FieldPlan field = field(expression);
                return field != null && field.type() == FieldType.bool && field.required()
                        ? event -> Outcome.of((Boolean) event.value(field))
                        : null;
            }
            List<CelExpr> arguments = expression.call().args();
            String function = expression.call().function();
            if (expression.call().target().isPresent()) {
                return null;
            }
            if (function.equals("!_")) {
                PlainTest test = test(arguments.getFirst());
                return test == null ? null : event -> test.of(event).not();
            }
            if (arguments.size() != 2) {
                return null;
            }
            return switch (function) {
                case "_&&_" -> both(test(arguments.getFirst()), test(arguments.getLast()));
                case "_||_" -> either(test(arguments.getFirst()), test(arguments.getLast()));
                case "@in" -> in(field(arguments.getFirst()), arguments.getLast());
                default -> comparison(function, field(arguments.getFirst()), arguments.getLast());
            };
        }

        private static PlainTest both(PlainTest one, PlainTest other) {
            return one == null || other == null
                    ? null
                    : event -> {
                        Outcome first = one.of(event);
                        if (first == Outcome.FALSE) {
                            return first;
                        }
                        Outcome second = other.of(event);
                        return second == Outcome.FALSE || first == Outcome.TRUE ? second : first;
                    };
        }

        private static PlainTest either(PlainTest one, PlainTest other) {
            PlainTest neither =
                    one == null || other == null
                            ? null
                            : both(event -> one.of(event).not(), event -> other.of(event).not());
            return neither == null ? null : event -> neither.of(event).not();
        }

        /** The field that an expression names, such as {@code address.city}. */
        private FieldPlan field(CelExpr expression) {
            String name = name(expression);
            if (name == null) {
                return null;
            }
            for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                if (schema.field(name.substring(0, dot)).isPresent()) {
                    return null;
                }
            }
            return schema.field(name).orElse(null);
        }

        private static String name(CelExpr expression) {
            return switch (expression.exprKind().getKind()) {
                case IDENT -> expression.ident().name();
                case SELECT -> {
                    String operand = name(expression.select().operand());
                    yield operand == null || expression.select().testOnly()
                            ? null
                            : operand + "." + expression.select().field();
                }
                default -> null;
            };
        }

        private static PlainTest in(FieldPlan field, CelExpr list) {
            if (field == null
                    || list.exprKind().getKind() != ExprKind.Kind.LIST
                    || !list.list().optionalIndices().isEmpty()) {
                return null;
            }
            Set<Object> allowed = new HashSet<>();
            for (CelExpr element : list.list().elements()) {
                Object literal = literal(element, field);
                if (literal == null) {
                    return null;
                }
                allowed.add(literal);
            }
            return event -> {
                Object value = event.value(field);
                return Outcome.of(value != null && allowed.contains(value));
            };
        }

        private static PlainTest comparison(String function, FieldPlan field, CelExpr operand) {
            if (field == null) {
                return null;
            }
            boolean equal = function.equals("_==_");
            if (equal || function.equals("_!=_")) {
                if (isNull(operand)) {
                    return event -> Outcome.of((event.value(field) == null) == equal);
                }
                Object literal = literal(operand, field);
                return literal == null
                        ? null
                        : event -> Outcome.of(literal.equals(event.value(field)) == equal);
            }
            LongPredicate order = order(function);
            Object literal = literal(operand, field);
            if (order == null || literal == null) {
                return null;
            }
            return switch (literal) {
                case Long bound ->
                        event ->
                                event.value(field) instanceof Long value
                                        ? Outcome.of(order.test(Long.compare(value, bound)))
                                        : Outcome.ERROR;
                case Double bound ->
                        event ->
                                event.value(field) instanceof Double value
                                        ? Outcome.of(order.test(Double.compare(value, bound)))
                                        : Outcome.ERROR;
                default -> null;
            };
        }

        /** What must hold of the sign of field minus literal. */
        private static LongPredicate order(String function) {
            return switch (function) {
                case "_<_" -> sign -> sign < 0;
                case "_<=_" -> sign -> sign <= 0;
                case "_>_" -> sign -> sign > 0;
                case "_>=_" -> sign -> sign >= 0;
                default -> null;
            };
        }

        private static boolean isNull(CelExpr operand) {
            return operand.exprKind().getKind() == ExprKind.Kind.CONSTANT
                    && operand.constant().getKind() == CelConstant.Kind.NULL_VALUE;
        }

        /** A literal of a field's own type, as events hold it. */
        private static Object literal(CelExpr operand, FieldPlan field) {
            if (operand.exprKind().getKind() != ExprKind.Kind.CONSTANT || field.type() == null) {
                return null;
            }
            CelConstant constant = operand.constant();
            return switch (constant.getKind()) {
                case STRING_VALUE ->
                        field.type() == FieldType.string
                                // as decoders do, so that equal texts are mostly the same
                                ? constant.stringValue().intern()
                                : null;
                case INT64_VALUE ->
                        field.type() == FieldType.integer ? (Object) constant.int64Value() : null;
                // 0.0 and -0.0 are equal in CEL, and no event holds the latter
                case DOUBLE_VALUE ->
                        field.type() == FieldType.number
                                ? (Object) (constant.doubleValue() + 0.0)
                                : null;
                case BOOLEAN_VALUE ->
                        field.type() == FieldType.bool ? (Object) constant.booleanValue() : null;
                default -> null;
            };
        }
    }
}
