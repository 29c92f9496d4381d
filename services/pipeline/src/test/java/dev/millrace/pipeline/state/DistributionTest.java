package dev.millrace.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;

/** Percentiles are within 1 % of what sorting finds, in whatever order numbers come. */
class DistributionTest {
    private static final int[] PERCENTS = {1, 5, 25, 50, 75, 90, 95, 99, 100};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void percentilesAreWithinOnePercentOfTheSortedNumbers(long seed) {
        Random random = new Random(seed);
        List<LongUnaryOperator> shapes =
                List.of(
                        i -> random.nextInt(100),
                        i -> random.nextInt(-50, 50),
                        i -> (long) Math.exp(random.nextGaussian() * 5 + 10),
                        i -> -(long) Math.exp(random.nextGaussian() * 5 + 10),
                        i -> random.nextLong(),
                        i -> 7,
                        i -> i % 2 == 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
        for (LongUnaryOperator shape : shapes) {
            for (int size : new int[] {1, 2, 3, 10, 99, 100, 101, 3_000}) {
                long[] numbers = new long[size];
                Arrays.setAll(numbers, shape::applyAsLong);
                Distribution distribution = new Distribution();
                Arrays.stream(numbers).forEach(distribution::add);
                Arrays.sort(numbers);
                assertThat(distribution.count()).isEqualTo(size);
                assertThat(distribution.min()).isEqualTo(numbers[0]);
                assertThat(distribution.max()).isEqualTo(numbers[size - 1]);
                assertThat(distribution.size()).isLessThanOrEqualTo(LogBuckets.MOST);
                for (int percent : PERCENTS) {
                    double truth = numbers[(int) Math.ceilDiv((long) size * percent, 100L) - 1];
                    assertThat(distribution.percentile(percent, 0).doubleValue())
                            .as("%s %% of %s numbers, seed %s", percent, size, seed)
                            .isBetween(
                                    truth - Math.abs(truth) / 100, truth + Math.abs(truth) / 100);
                }
            }
        }
    }

    @Test
    void addingUpDoesNotDependOnTheOrder() {
        Random random = new Random(6);
        Distribution whole = new Distribution();
        List<Distribution> parts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Distribution part = new Distribution();
            for (int j = 0; j < 200; j++) {
                long number = random.nextInt(-1_000, 100_000);
                part.add(number);
                whole.add(number);
            }
            parts.add(part);
        }
        Collections.shuffle(parts, random);
        Distribution sum = new Distribution();
        parts.forEach(sum::add);
        assertThat(sum).isEqualTo(whole);
        assertThat(sum.hashCode()).isEqualTo(whole.hashCode());
        assertThat(sum.percentile(50, 6)).isEqualTo(whole.percentile(50, 6));
    }

    @Test
    void nothingHasNoPercentilesAndFractionsAreMillionths() {
        assertThat(new Distribution().percentile(50, 0)).isNull();
        Distribution one = new Distribution();
        one.add(1_250_000);
        assertThat(one.percentile(50, 6)).isEqualByComparingTo("1.25");
        one.add(2_500_000);
        one.add(10_000_000);
        assertThat(one.percentile(50, 6))
                .isBetween(new BigDecimal("2.475"), new BigDecimal("2.525"));
        assertThat(one.sum()).isEqualTo(13_750_000);
    }

    @Test
    void everyNumberIsInOneOfTheStatedBuckets() {
        int least = LogBuckets.bucket(Long.MIN_VALUE);
        int greatest = LogBuckets.bucket(Long.MAX_VALUE);
        assertThat(greatest - least + 1).isEqualTo(LogBuckets.MOST);
        assertThat(LogBuckets.bucket(0)).isZero();
        assertThat(LogBuckets.bucket(1)).isEqualTo(1);
        assertThat(LogBuckets.bucket(-1)).isEqualTo(-1);
        int before = 0;
        for (long number = 1; number < Long.MAX_VALUE / 2; number += 1 + number / 77) {
            int bucket = LogBuckets.bucket(number);
            assertThat(bucket).isGreaterThanOrEqualTo(before);
            assertThat(LogBuckets.bucket(-number)).isEqualTo(-bucket);
            assertThat(LogBuckets.value(bucket)).isBetween(number * 0.99, number * 1.01);
            before = bucket;
        }
    }

    @Test
    void averagesAreExactToSixteenDigits() {
        assertThat(StoredNumber.average(10, 4, 0)).isEqualByComparingTo("2.5");
        assertThat(StoredNumber.average(1_000_000, 3, 6))
                .isEqualByComparingTo("0.3333333333333333");
        assertThat(StoredNumber.average(0, 0, 6)).isNull();
    }
}
