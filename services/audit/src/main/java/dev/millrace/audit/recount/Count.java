package dev.millrace.audit.recount;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.HyperLogLog;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A metric over one span of time, as far as it is counted. For one thread. */
abstract sealed class Count {
    /** Different values, or groups, that one count holds in memory at most. */
    static final int MOST = 2_000_000;

    private final MeasurePlan metric;
    private long unreadable;

    private Count(MeasurePlan metric) {
        this.metric = metric;
    }

    static Count of(MeasurePlan metric) {
        return switch (metric.measure()) {
            case count, sum -> new Total(metric);
            case unique -> metric.isApproximate() ? new Estimates(metric) : new Values(metric);
            default ->
                    throw new IllegalArgumentException(
                            "Metric \""
                                    + metric.name()
                                    + "\" cannot be recounted: it measures "
                                    + metric.measure()
                                    + "; count, sum and unique can");
        };
    }

    /** Counts an event of the span, if it meets the metric's condition. */
    final void add(Event event) {
        if (metric.where() == null || metric.where().test(event)) {
            count(event, metric.isGrouped() ? GroupKey.of(event, metric.by()) : null);
        }
    }

    /** Notes a recorded event of the span that is not valid by the plan. */
    final void addUnreadable() {
        unreadable++;
    }

    final Counted counted() {
        return counted(unreadable);
    }

    abstract void count(Event event, String group);

    abstract Counted counted(long unreadable);

    final MeasurePlan metric() {
        return metric;
    }

    final BigDecimal number(BigInteger total) {
        BigDecimal number = new BigDecimal(total, metric.scale()).stripTrailingZeros();
        return number.scale() < 0 ? number.setScale(0) : number;
    }

    final void limit(int size) {
        if (size > MOST) {
            throw new IllegalStateException(
                    "Metric \""
                            + metric.name()
                            + "\" has more than "
                            + MOST
                            + " different values or groups in this time; recount a shorter one");
        }
    }

    /** {@code count} and {@code sum}. */
    private static final class Total extends Count {
        private final Map<String, BigInteger> groups = new HashMap<>();
        private BigInteger total = BigInteger.ZERO;

        Total(MeasurePlan metric) {
            super(metric);
        }

        @Override
        void count(Event event, String group) {
            BigInteger amount = amount(event);
            total = total.add(amount);
            if (group != null) {
                groups.merge(group, amount, BigInteger::add);
                limit(groups.size());
            }
        }

        private BigInteger amount(Event event) {
            if (metric().measure() == Measure.count) {
                return BigInteger.ONE;
            }
            Object value = event.value(metric().of());
            if (value == null) {
                return BigInteger.ZERO;
            }
            // Each fraction is rounded to millionths before it is added, as the processor does.
            return BigInteger.valueOf(
                    metric().of().type() == FieldType.integer
                            ? (Long) value
                            : Math.round((Double) value * 1e6));
        }

        @Override
        Counted counted(long unreadable) {
            Map<String, BigDecimal> numbers = HashMap.newHashMap(groups.size());
            groups.forEach((group, sum) -> numbers.put(group, number(sum)));
            return new Counted(number(total), numbers, unreadable);
        }
    }

    /** {@code unique} with {@code approximate}: the very estimates that the live numbers are. */
    private static final class Estimates extends Count {
        private final HyperLogLog.Builder all = new HyperLogLog.Builder();
        private final Map<String, HyperLogLog.Builder> groups = new HashMap<>();

        Estimates(MeasurePlan metric) {
            super(metric);
        }

        @Override
        void count(Event event, String group) {
            String value = event.text(metric().of());
            if (value == null) {
                return;
            }
            all.add(value);
            if (group != null) {
                groups.computeIfAbsent(group, any -> new HyperLogLog.Builder()).add(value);
                limit(groups.size());
            }
        }

        @Override
        Counted counted(long unreadable) {
            Map<String, BigDecimal> numbers = HashMap.newHashMap(groups.size());
            groups.forEach((group, log) -> numbers.put(group, estimate(log)));
            return new Counted(estimate(all), numbers, unreadable);
        }

        private static BigDecimal estimate(HyperLogLog.Builder log) {
            return BigDecimal.valueOf(log.build().estimate());
        }
    }

    /** {@code unique}. */
    private static final class Values extends Count {
        private final Set<String> values = new HashSet<>();
        private final Map<String, Set<String>> groups = new HashMap<>();
        private int size;

        Values(MeasurePlan metric) {
            super(metric);
        }

        @Override
        void count(Event event, String group) {
            String value = event.text(metric().of());
            if (value == null) {
                return;
            }
            size += values.add(value) ? 1 : 0;
            if (group != null) {
                boolean added = groups.computeIfAbsent(group, any -> new HashSet<>(4)).add(value);
                size += added ? 1 : 0;
            }
            limit(size);
        }

        @Override
        Counted counted(long unreadable) {
            Map<String, BigDecimal> numbers = HashMap.newHashMap(groups.size());
            groups.forEach((group, set) -> numbers.put(group, BigDecimal.valueOf(set.size())));
            return new Counted(BigDecimal.valueOf(values.size()), numbers, unreadable);
        }
    }
}
