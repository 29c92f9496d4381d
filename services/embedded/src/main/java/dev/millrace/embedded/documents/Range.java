package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.QueryOperator;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Values that a field may have for a query to match: all between two, and these. A document with
 * {@link SortValue#OTHER} may always match.
 *
 * @param low as {@link SortValue} has it
 * @param high not less
 */
record Range(Object low, Object high) {

    /**
     * The ranges of a field.
     *
     * @return in their order, apart from each other; {@code null} where any value may match
     */
    static List<Range> of(Document query, String field) {
        List<Range> ranges = null;
        for (var condition : query.entrySet()) {
            var name = condition.getKey();
            if (name.equals(field)) {
                ranges = both(ranges, ofCondition(condition.getValue()));
            } else if (name.equals("$and") && condition.getValue() instanceof Collection<?> all) {
                for (var part : all) {
                    if (part instanceof Document document) {
                        ranges = both(ranges, of(document, field));
                    }
                }
            } else if (name.equals("$or") && condition.getValue() instanceof Collection<?> some) {
                ranges = both(ranges, ofAny(some, field));
            }
        }
        return ranges;
    }

    /** Whether exactly one value may match. */
    static boolean isPoint(List<Range> ranges) {
        return ranges != null
                && ranges.size() == 1
                && SortValue.compare(ranges.getFirst().low(), ranges.getFirst().high()) == 0;
    }

    private static List<Range> ofAny(Collection<?> alternatives, String field) {
        List<Range> ranges = new ArrayList<>();
        for (var alternative : alternatives) {
            var own = alternative instanceof Document query ? of(query, field) : null;
            if (own == null) {
                return null;
            }
            ranges.addAll(own);
        }
        return alternatives.isEmpty() ? null : joined(ranges);
    }

    private static List<Range> ofCondition(Object condition) {
        if (BsonRegularExpression.isRegularExpression(condition)) {
            return null;
        }
        if (!(condition instanceof Document operators)) {
            return point(condition);
        }
        List<Range> ranges = null;
        for (var operator : operators.entrySet()) {
            ranges = both(ranges, ofOperator(operator.getKey(), operator.getValue()));
        }
        return ranges;
    }

    private static List<Range> ofOperator(String operator, Object operand) {
        if (operator.equals(QueryOperator.EQUAL.getValue())) {
            return point(operand);
        }
        if (operator.equals(QueryOperator.IN.getValue())) {
            return operand instanceof Collection<?> values ? points(values) : null;
        }
        var value = SortValue.of(operand);
        // others cannot be found, and nothing is more or less than null
        if (value == SortValue.OTHER || value == SortValue.ABSENT) {
            return null;
        }
        if (operator.equals(QueryOperator.GREATER_THAN.getValue())
                || operator.equals(QueryOperator.GREATER_THAN_OR_EQUAL.getValue())) {
            return List.of(new Range(value, SortValue.after(value)));
        }
        if (operator.equals(QueryOperator.LESS_THAN.getValue())
                || operator.equals(QueryOperator.LESS_THAN_OR_EQUAL.getValue())) {
            return List.of(new Range(SortValue.before(value), value));
        }
        return null;
    }

    private static List<Range> points(Collection<?> values) {
        List<Range> ranges = new ArrayList<>();
        for (var value : values) {
            var own = point(value);
            if (own == null) {
                return null;
            }
            ranges.addAll(own);
        }
        return joined(ranges);
    }

    private static List<Range> point(Object wanted) {
        var value = SortValue.of(wanted);
        return value == SortValue.OTHER ? null : List.of(new Range(value, value));
    }

    private static List<Range> both(List<Range> some, List<Range> others) {
        if (some == null || others == null) {
            return some == null ? others : some;
        }
        List<Range> common = new ArrayList<>();
        for (var a : some) {
            for (var b : others) {
                var low = SortValue.compare(a.low(), b.low()) >= 0 ? a.low() : b.low();
                var high = SortValue.compare(a.high(), b.high()) <= 0 ? a.high() : b.high();
                if (SortValue.compare(low, high) <= 0) {
                    common.add(new Range(low, high));
                }
            }
        }
        return joined(common);
    }

    private static List<Range> joined(List<Range> ranges) {
        ranges.sort(Comparator.comparing(Range::low, SortValue::compare));
        List<Range> apart = new ArrayList<>();
        for (var range : ranges) {
            var last = apart.isEmpty() ? null : apart.getLast();
            if (last == null || SortValue.compare(last.high(), range.low()) < 0) {
                apart.add(range);
            } else if (SortValue.compare(last.high(), range.high()) < 0) {
                apart.set(apart.size() - 1, new Range(last.low(), range.high()));
            }
        }
        return apart;
    }
}
