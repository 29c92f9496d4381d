package dev.millrace.api.history;

import dev.millrace.api.window.Amount;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.StoredNumber;

import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;

/**
 * What a measure takes of some events, such that several of one measure can be added up in any
 * order. Immutable.
 */
public sealed interface Tally {
    /** Both together. Only tallies of one measure can be. */
    Tally plus(Tally other);

    /**
     * The number that answers tell; {@code null} where there is none.
     *
     * @param scale decimal places of stored numbers
     */
    Number value(int scale);

    /** What groups are ranked by. */
    double rank();

    /** Whether {@link #value} is an estimate rather than exact. */
    default boolean isEstimated() {
        return error() > 0;
    }

    /** Relative standard error of {@link #value}; 0 where it is exact. */
    default double error() {
        return 0;
    }

    /** {@code count} and {@code sum}. A sum beyond 64 bits is the largest or smallest number. */
    record Total(long number) implements Tally {
        @Override
        public Tally plus(Tally other) {
            return new Total(add(number, ((Total) other).number));
        }

        @Override
        public Number value(int scale) {
            return Amount.of(number, scale);
        }

        @Override
        public double rank() {
            return number;
        }
    }

    /** {@code average}. */
    record Average(long sum, long count) implements Tally {
        @Override
        public Tally plus(Tally other) {
            Average that = (Average) other;
            return new Average(add(sum, that.sum), count + that.count);
        }

        @Override
        public Number value(int scale) {
            return Amount.of(StoredNumber.average(sum, count, scale));
        }

        @Override
        public double rank() {
            return (double) sum / count;
        }
    }

    /** {@code min} and {@code max}. */
    record Extreme(boolean greatest, long number) implements Tally {
        @Override
        public Tally plus(Tally other) {
            long that = ((Extreme) other).number;
            return new Extreme(
                    greatest, greatest ? Math.max(number, that) : Math.min(number, that));
        }

        @Override
        public Number value(int scale) {
            return Amount.of(number, scale);
        }

        @Override
        public double rank() {
            return number;
        }
    }

    /** {@code percentiles}. The distribution is not to be changed. */
    record Numbers(Distribution numbers) implements Tally {
        @Override
        public Tally plus(Tally other) {
            Distribution sum = new Distribution();
            sum.add(numbers);
            sum.add(((Numbers) other).numbers);
            return new Numbers(sum);
        }

        @Override
        public Number value(int scale) {
            return Amount.of(numbers.percentile(50, scale));
        }

        @Override
        public double rank() {
            return numbers.percentile(50, 0).doubleValue();
        }
    }

    /**
     * {@code unique}.
     *
     * @param exact how many different values there are; {@code null} where only the sketch tells
     * @param sketch of the values; not to be changed
     */
    record Unique(Long exact, HllSketch sketch) implements Tally {
        /** Registers of a sketch of everything, as a power of 2: 8,192. */
        public static final int WHOLE = 13;

        /** Registers of a sketch of one group, as a power of 2: 2,048. */
        public static final int GROUP = 11;

        /** An empty sketch. */
        public static HllSketch empty(int size) {
            return new HllSketch(size, TgtHllType.HLL_8);
        }

        @Override
        public Tally plus(Tally other) {
            Unique that = (Unique) other;
            HllUnion union =
                    new HllUnion(Math.max(sketch.getLgConfigK(), that.sketch.getLgConfigK()));
            union.update(sketch);
            union.update(that.sketch);
            return new Unique(null, union.getResult(TgtHllType.HLL_8));
        }

        @Override
        public Number value(int scale) {
            return exact == null ? Math.round(sketch.getEstimate()) : exact;
        }

        @Override
        public double rank() {
            return exact == null ? sketch.getEstimate() : exact;
        }

        @Override
        public double error() {
            return exact == null ? HyperLogLog.error(sketch.getLgConfigK()) : 0;
        }
    }

    /** {@code unique} with {@code approximate}. */
    record Estimate(HyperLogLog values) implements Tally {
        @Override
        public Tally plus(Tally other) {
            return new Estimate(values.plus(((Estimate) other).values));
        }

        @Override
        public Number value(int scale) {
            return values.estimate();
        }

        @Override
        public double rank() {
            return values.estimate();
        }

        @Override
        public double error() {
            return values.error();
        }
    }

    private static long add(long one, long other) {
        try {
            return Math.addExact(one, other);
        } catch (ArithmeticException _) {
            return one < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
