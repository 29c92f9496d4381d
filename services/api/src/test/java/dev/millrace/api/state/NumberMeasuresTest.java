package dev.millrace.api.state;

import static dev.millrace.api.state.ReadState.NOW;
import static dev.millrace.api.state.ReadState.minutesAgo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.millrace.api.json.Json;
import dev.millrace.api.json.Shapes;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Percentiles;
import dev.millrace.api.window.Point;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

/** Averages, extremes and percentiles over windows, from what lies in Redis. */
class NumberMeasuresTest {
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: shop}
                    spec:
                      streams:
                        - name: events
                          fields: {at: {type: timestamp}, page: {type: string}, size: {type: integer}, price: {type: number}}
                          time: at
                      metrics:
                        - {name: usual, measure: average, of: price, windows: [3m, all]}
                        - {name: usual_by_page, measure: average, of: size, by: page, window: 3m}
                        - {name: least, measure: min, of: size, windows: [3m, all]}
                        - {name: most_by_page, measure: max, of: price, by: page, window: 3m}
                        - {name: sizes, measure: percentiles, of: size, windows: [3m, all]}
                        - {name: prices_by_page, measure: percentiles, of: price, by: page, window: 3m}
                        - {name: ratio, formula: 'usual / least'}
                    """);

    @RegisterExtension private final ReadState state = new ReadState(PLAN);
    private final StateWriter writer = state.writer();

    @Test
    void nothingHasNoAverageNoLeastAndNoPercentiles() throws Exception {
        for (String metric : new String[] {"usual", "least", "sizes", "ratio"}) {
            assertThat(state.view(metric, "3m").value()).as(metric).isNull();
            assertThat(state.view(metric, "3m").previous()).as(metric).isNull();
            assertThat(state.view(metric, "all").value()).as(metric).isNull();
        }
        assertThat(state.view("usual_by_page", "3m").ranking().size()).isZero();
        assertThat(state.view("sizes", "3m").detail())
                .isEqualTo(new Percentiles(0, null, null, null, null, null, null, null, null));
        assertThat(state.view("usual", "3m").series()).extracting(Point::value).containsOnlyNulls();
        assertThat(
                        new String(
                                Json.bytes(Shapes.pairs(state.view("usual", "3m").series())),
                                StandardCharsets.UTF_8))
                .contains(",null]");
    }

    @Test
    void anAverageIsThatOfAllEventsNotOfBuckets() throws Exception {
        writer.field("usual", NOW, "sum", 1_000_000)
                .field("usual", NOW, "count", 1)
                .field("usual_by_page", NOW, "sum:/a:b", 10)
                .field("usual_by_page", NOW, "count:/a:b", 4)
                .field("usual_by_page", NOW, "sum:/c", -3)
                .field("usual_by_page", NOW, "count:/c", 1)
                .field("usual_by_page", minutesAgo(4), "sum:/c", 8)
                .field("usual_by_page", minutesAgo(4), "count:/c", 2)
                .flush();
        writer.redis().hset("usual:202611211041", "sum", "6000000");
        writer.redis().hset("usual:202611211041", "count", "3");

        WindowView usual = state.view("usual", "3m");
        assertThat(usual.value()).isEqualTo(new BigDecimal("1.75"));
        assertThat(usual.series())
                .extracting(Point::value)
                .containsExactly(null, new BigDecimal("2"), new BigDecimal("1"));
        WindowView byPage = state.view("usual_by_page", "3m");
        assertThat(byPage.value()).isEqualTo(new BigDecimal("1.4"));
        assertThat(byPage.previous()).isEqualTo(new BigDecimal("4"));
        assertThat(byPage.ranking().top())
                .containsExactly(
                        new Group("/a:b", new BigDecimal("2.5"), null),
                        new Group("/c", new BigDecimal("-3"), new BigDecimal("4")));
    }

    @Test
    void leastAndGreatestAreThoseOfAllBuckets() throws Exception {
        writer.set("least", minutesAgo(1), Long.MIN_VALUE + 1)
                .field("most_by_page", NOW, "/a", -500_000)
                .field("most_by_page", minutesAgo(1), "/a", 1_250_000)
                .field("most_by_page", NOW, "/b", -1)
                .field("most_by_page", minutesAgo(3), "/b", 7_000_000)
                .flush();
        writer.redis().set("least:202611211042", "5");

        assertThat(state.view("least", "3m").value()).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(state.view("least", "3m").series())
                .extracting(Point::value)
                .containsExactly(null, Long.MIN_VALUE + 1, 5L);
        WindowView most = state.view("most_by_page", "3m");
        assertThat(most.value()).isEqualTo(new BigDecimal("1.25"));
        assertThat(most.ranking().top())
                .containsExactly(
                        new Group("/a", new BigDecimal("1.25"), null),
                        new Group("/b", new BigDecimal("-0.000001"), new BigDecimal("7")));
    }

    @Test
    void percentilesOfAWindowAreThoseOfAllItsNumbers() throws Exception {
        Random random = new Random(8);
        long[] some = random.longs(1_000, 1, 100_000).toArray();
        long[] others = random.longs(500, -5_000, 5_000).toArray();
        writer.numbers("sizes", NOW, null, some);
        writer.flush();
        writer.numbers("sizes", minutesAgo(2), null, others).flush();

        WindowView sizes = state.view("sizes", "3m");
        long[] sorted =
                LongStream.concat(Arrays.stream(some), Arrays.stream(others)).sorted().toArray();
        Percentiles found = (Percentiles) sizes.detail();
        assertThat(found.count()).isEqualTo(1_500);
        assertThat(found.min()).isEqualTo(sorted[0]);
        assertThat(found.max()).isEqualTo(sorted[1_499]);
        assertThat(found.average().doubleValue())
                .isCloseTo(Arrays.stream(sorted).average().orElseThrow(), withinPercentage(1e-12));
        assertNear(found.p50(), sorted[749]);
        assertNear(found.p75(), sorted[1_124]);
        assertNear(found.p90(), sorted[1_349]);
        assertNear(found.p95(), sorted[1_424]);
        assertNear(found.p99(), sorted[1_484]);
        assertThat(sizes.value()).isEqualTo(found.p50());
        assertThat(state.view("sizes", "all").value()).isNotNull();
    }

    private static void assertNear(Number found, long truth) {
        assertThat(found.doubleValue())
                .isBetween(truth - Math.abs(truth) * 0.01, truth + Math.abs(truth) * 0.01);
    }

    @Test
    void percentilesOfGroupsAreRankedByTheMedian() throws Exception {
        writer.numbers("prices_by_page", NOW, "/a", 1_000_000, 2_000_000, 90_000_000)
                .numbers("prices_by_page", NOW, "/b:1", 7_000_000)
                .numbers("prices_by_page", minutesAgo(5), "/a", 3_000_000)
                .field("prices_by_page", NOW, "something else", 9)
                .flush();

        WindowView prices = state.view("prices_by_page", "3m");
        assertThat(((Percentiles) prices.detail()).count()).isEqualTo(4);
        assertThat(prices.ranking().top()).extracting(Group::key).containsExactly("/b:1", "/a");
        Group a = prices.ranking().top().get(1);
        assertNear(a.value(), 2);
        assertThat(a.previous()).isEqualTo(new BigDecimal("3"));
        assertThat(a.detail())
                .isInstanceOfSatisfying(
                        Percentiles.class,
                        detail -> {
                            assertThat(detail.count()).isEqualTo(3);
                            assertThat(detail.average()).isEqualTo(new BigDecimal("31"));
                            assertThat(detail.max()).isEqualTo(new BigDecimal("90"));
                        });
    }
}
