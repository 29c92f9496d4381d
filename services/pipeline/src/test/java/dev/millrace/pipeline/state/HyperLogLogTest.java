package dev.millrace.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** That it is the same as Redis's is tested where there is a Redis: with the processor's store. */
class HyperLogLogTest {
    private static List<String> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "value-" + i).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000})
    void estimatesWithinItsError(int count) {
        HyperLogLog whole = HyperLogLog.of(values(0, count));
        // Four standard errors: with these values it is always the same.
        assertThat((double) whole.estimate()).isBetween(count * 0.9676, count * 1.0324);
        assertThat((double) whole.small().estimate()).isBetween(count * 0.908, count * 1.092);
        assertThat(whole.error()).isEqualTo(0.0081);
        assertThat(whole.small().error()).isEqualTo(0.023);
    }

    @Test
    void nothingIsExactlyNothing() {
        assertThat(HyperLogLog.EMPTY.estimate()).isZero();
        assertThat(HyperLogLog.EMPTY.small().estimate()).isZero();
        assertThat(HyperLogLog.union(List.of())).isEqualTo(HyperLogLog.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 2_000, 50_000})
    void doesNotDependOnOrderOrRepetition(int count) {
        List<String> some = values(0, count);
        List<String> others = values(count / 2, count * 2);
        HyperLogLog both = HyperLogLog.of(values(0, count * 2));
        assertThat(HyperLogLog.of(some).plus(HyperLogLog.of(others))).isEqualTo(both);
        assertThat(HyperLogLog.of(others).plus(HyperLogLog.of(some))).isEqualTo(both);
        assertThat(both.plus(HyperLogLog.of(some)).plus(HyperLogLog.EMPTY)).isEqualTo(both);
        List<String> reversed = values(0, count * 2).reversed();
        assertThat(HyperLogLog.of(reversed)).isEqualTo(both).hasSameHashCodeAs(both);
        assertThat(HyperLogLog.of(some).small().plus(HyperLogLog.of(others)))
                .isEqualTo(both.small());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 700, 3_000, 200_000})
    void staysTheSameInBytes(int count) {
        HyperLogLog whole = HyperLogLog.of(values(0, count));
        assertThat(HyperLogLog.ofBytes(whole.toBytes())).isEqualTo(whole);
        assertThat(HyperLogLog.ofBytes(whole.small().toBytes())).isEqualTo(whole.small());
        assertThat(whole.toBytes().length).isLessThanOrEqualTo(12_289);
        assertThat(whole.small().toBytes().length).isLessThanOrEqualTo(1_537);
    }

    @Test
    void tellsHowManyRegistersDiffer() {
        HyperLogLog one = HyperLogLog.of(values(0, 10));
        assertThat(one.distance(one)).isZero();
        assertThat(one.distance(HyperLogLog.of(values(0, 11)))).isEqualTo(1);
        assertThat(one.distance(HyperLogLog.EMPTY)).isEqualTo(one.size()).isEqualTo(10);
    }

    @Test
    void refusesWhatRedisDoesNotWrite() {
        byte[] empty = HexFormat.of().parseHex("48594c4c010000000000000000000000" + "7fff");
        assertThat(HyperLogLog.ofRedis(empty)).isEqualTo(HyperLogLog.EMPTY);
        for (int length = 0; length < empty.length; length++) {
            byte[] cut = Arrays.copyOf(empty, length);
            assertThatIllegalArgumentException().isThrownBy(() -> HyperLogLog.ofRedis(cut));
        }
        for (String other :
                List.of(
                        "48594c4c020000000000000000000000" + "7fff",
                        "48594c4c010000000000000000000000" + "7ffe",
                        "48594c4c010000000000000000000000" + "7fff00",
                        "48594c4c010000000000000000000000" + "7fff7f",
                        "48594c4c000000000000000000000000" + "7fff",
                        "48594c4b010000000000000000000000" + "7fff")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HyperLogLog.ofRedis(HexFormat.of().parseHex(other)));
        }
        for (String other : List.of("", "00", "4d", "0e", "4bffffff")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HyperLogLog.ofBytes(HexFormat.of().parseHex(other)));
        }
    }
}
