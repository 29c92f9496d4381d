package dev.millrace.producer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.GeneratorSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class ValuesTest {
    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void choicesExpand() {
        assertThat(
                        ChoiceExpansion.expand(
                                List.of("/", "/p/{1..3}", "{0..1}-{8..9}", "{2..1}", "{a..b}")))
                .containsExactly("/", "/p/1", "/p/2", "/p/3", "0-8", "0-9", "1-8", "1-9", "{a..b}");
        assertThat(ChoiceExpansion.expand(List.of("{1..999999999}{1..999999999}")))
                .hasSize(ChoiceExpansion.MOST);
    }

    @ParameterizedTest
    @CsvSource({"1..500", "-10..10", "0..0", "7..7", "0.001..0.005", "-999999999999..999999999999"})
    void numbersStayInTheirRange(String range) {
        String[] bounds = range.split("\\.\\.");
        NumberRange numbers = NumberRange.of(FieldType.number, range);
        for (int i = 0; i < 10_000; i++) {
            assertThat(number(numbers))
                    .isBetween(new BigDecimal(bounds[0]), new BigDecimal(bounds[1]));
        }
    }

    @Test
    void rangesAreLogUniform() {
        NumberRange numbers = NumberRange.of(FieldType.integer, "1..10000");
        long below =
                IntStream.range(0, 100_000)
                        .filter(i -> number(numbers).intValueExact() < 100)
                        .count();
        assertThat(below / 100_000.0).isCloseTo(0.5, within(0.02));
    }

    @Test
    void weightedChoicesKeepTheirWeights() {
        var choice = new WeightedChoice(new double[] {5, 0, 3, 2});
        int[] drawn = new int[4];
        for (int i = 0; i < 100_000; i++) {
            drawn[choice.draw(random)]++;
        }
        assertThat(drawn[0]).isCloseTo(50_000, within(1_000));
        assertThat(drawn[1]).isZero();
        assertThat(drawn[2]).isCloseTo(30_000, within(1_000));
        assertThat(drawn[3]).isCloseTo(20_000, within(1_000));
        assertThat(new WeightedChoice(new double[] {3}).draw(random)).isZero();
    }

    @Test
    void batchesStayInTheirRangeAndFollowTheDay() {
        var spec = new GeneratorSpec("20..100", null, null, null, null, null, null);
        var rhythm = new Rhythm(spec, new SplittableRandom(1));
        double[] byHour = new double[24];
        for (int hour = 0; hour < 24; hour++) {
            for (int i = 0; i < 3_600; i++) {
                int batch = rhythm.next(hour * 3_600_000L + i * 1_000L);
                assertThat(batch).isBetween(20, 100);
                byHour[hour] += batch / 3_600.0;
            }
        }
        assertThat(byHour[15]).isGreaterThan(byHour[3] + 20);
        assertThat(rhythm.meanRate()).isEqualTo(60);
        var fixed = new GeneratorSpec("7", "250ms", null, null, null, null, null);
        assertThat(new Rhythm(fixed, new SplittableRandom(1)).next(0)).isEqualTo(7);
        assertThat(new Rhythm(fixed, new SplittableRandom(1)).meanRate()).isEqualTo(28);
    }

    private BigDecimal number(NumberRange numbers) {
        var out = new JsonBuffer();
        numbers.write(out, random, new Moment());
        return new BigDecimal(new String(out.copy(out.length()), StandardCharsets.US_ASCII));
    }
}
