package dev.millrace.api.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.history.Bucket;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.history.Tally;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.GroupKey;

import org.apache.datasketches.hll.HllSketch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lines as InfluxDB reads them. */
class LineProtocolTest {
    private static final long MINUTE = 1_700_000_040_000L;
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: shop}
                    spec:
                      streams:
                        - name: orders
                          fields: {at: {type: timestamp}, page: {type: string, optional: true}, time: {type: string}, price: {type: number}, items: {type: integer}}
                          time: at
                      metrics:
                        - {name: orders, measure: count, window: 2h}
                        - {name: revenue, measure: sum, of: price, window: 2h}
                        - {name: items, measure: sum, of: items, window: 2h}
                        - {name: price, measure: average, of: price, window: 2h}
                        - {name: size, measure: average, of: items, window: 2h}
                        - {name: least, measure: min, of: items, window: 2h}
                        - {name: prices, measure: percentiles, of: price, window: 2h}
                        - {name: pages, measure: unique, of: page, window: 2h}
                        - {name: by_page, measure: count, by: page, window: 2h}
                        - {name: by_both, measure: count, by: 'page, time', window: 2h}
                        - {name: daily, measure: count, window: 30d}
                        - {name: ever, measure: count, window: all}
                      sinks:
                        - {influxdb: {url: 'http://localhost', database: shop}}
                        - {name: millis, influxdb: {url: 'http://localhost', database: shop, precision: ms}}
                    """);

    private static List<String> lines(int sink, String metric, Rollup rollup) {
        MeasurePlan measure = (MeasurePlan) PLAN.metric(metric).orElseThrow();
        List<String> lines = new ArrayList<>();
        LineProtocol.points(
                PLAN.sinks().get(sink),
                new Bucket(measure, Granularity.MINUTE, MINUTE),
                rollup,
                line -> {
                    assertThat(line.metric()).isEqualTo(metric);
                    lines.add(line.text());
                });
        return lines;
    }

    private static List<String> lines(String metric, Tally tally) {
        return lines(0, metric, Rollup.of(tally));
    }

    @Test
    void allMetricsThatAreCountedOverTimeAreWritten() {
        assertThat(PLAN.sinks().getFirst().metrics())
                .extracting(MeasurePlan::name)
                .contains("orders", "daily")
                .doesNotContain("ever");
        assertThat(PLAN.sinks().getFirst().variable("token"))
                .isEqualTo("MILLRACE_SINK_INFLUXDB_TOKEN");
    }

    @Test
    void aFieldHasTheTypeOfItsMetricWhateverTheNumber() {
        assertThat(lines("orders", new Tally.Total(3)))
                .containsExactly("orders value=3i 1700000040");
        assertThat(lines(1, "orders", Rollup.of(new Tally.Total(3))))
                .containsExactly("orders value=3i 1700000040000");
        assertThat(lines("items", new Tally.Total(-3)))
                .containsExactly("items value=-3i 1700000040");
        assertThat(lines("revenue", new Tally.Total(3_000_000)))
                .containsExactly("revenue value=3 1700000040");
        assertThat(lines("revenue", new Tally.Total(1)))
                .containsExactly("revenue value=0.000001 1700000040");
        assertThat(lines("revenue", new Tally.Total(0)))
                .containsExactly("revenue value=0 1700000040");
        assertThat(lines("least", new Tally.Extreme(false, 4)))
                .containsExactly("least value=4i 1700000040");
        assertThat(lines("size", new Tally.Average(8, 4)))
                .containsExactly("size value=2,sum=8i,count=4i 1700000040");
        assertThat(lines("price", new Tally.Average(3_500_000, 2)))
                .containsExactly("price value=1.75,sum=3.5,count=2i 1700000040");
        HllSketch sketch = Tally.Unique.empty(Tally.Unique.WHOLE);
        assertThat(lines("pages", new Tally.Unique(7L, sketch)))
                .containsExactly("pages value=7i 1700000040");
    }

    @Test
    void percentilesAreFields() {
        Distribution numbers = new Distribution();
        numbers.add(1_000_000);
        numbers.add(2_000_000);
        assertThat(lines("prices", new Tally.Numbers(numbers)).getFirst())
                .startsWith("prices count=2i,sum=3,min=1,average=1.5,p50=")
                .contains(",p75=", ",p90=", ",p95=", ",p99=")
                .endsWith(",max=2 1700000040");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    /a             | by_page,page=/a
                    a b            | by_page,page=a\\ b
                    a,b=c          | by_page,page=a\\,b\\=c
                    "a"            | by_page,page="a"
                    C:\\dir\\      | by_page,page=C:%5Cdir%5C
                    /a%20b         | by_page,page=/a%20b
                    /a%5Cb         | by_page,page=/a%255Cb
                    größe ☃        | by_page,page=größe\\ ☃
                    ``             | by_page,page=(empty)
                    (empty)        | by_page,page=((empty))
                    (other)        | by_page,page=((other))
                    (others)       | by_page,page=(others)
                    """)
    void aTagIsEscaped(String value, String start) {
        assertThat(group(value == null ? "" : value)).isEqualTo(start + " value=1i 1700000040");
    }

    private static String group(String value) {
        return lines(
                        0,
                        "by_page",
                        Rollup.of(
                                new Tally.Total(1), Map.of(GroupKey.of(value), new Tally.Total(1))))
                .getFirst();
    }

    @Test
    void noLineHasAnother() {
        assertThat(group("a\nb value=1i\r\u0000\u007f"))
                .isEqualTo("by_page,page=a%0Ab\\ value\\=1i%0D%00%7F value=1i 1700000040");
        assertThat(group("\u001f\u0018\u0019\u001b")).contains("page=%1F%18%19%1B ");
    }

    @Test
    void differentGroupsAreDifferentPoints() {
        Set<String> points = new HashSet<>();
        List<String> values =
                List.of(
                        "",
                        " ",
                        "\\",
                        "%5C",
                        "%255C",
                        "%25",
                        "%",
                        "%25%5C",
                        "\n",
                        "%0A",
                        "\\n",
                        "n",
                        "(empty)",
                        "((empty))",
                        "(other)",
                        "((other))",
                        ",",
                        "\\,",
                        "=",
                        "a",
                        "\"");
        values.forEach(value -> points.add(group(value)));
        points.add(group(null));
        assertThat(points).hasSize(values.size() + 1);
    }

    @Test
    void aMissingValueHasNoTagAndTheOthersAreAGroup() {
        assertThat(group(null)).isEqualTo("by_page value=1i 1700000040");
        Rollup both =
                Rollup.of(
                        new Tally.Total(6),
                        Map.of(
                                "\u0018\u001fnoon",
                                new Tally.Total(1),
                                "/\u001fnoon",
                                new Tally.Total(2),
                                GroupKey.OTHER,
                                new Tally.Total(3)));
        assertThat(lines(0, "by_both", both))
                .as("a tag cannot be called time")
                .containsExactlyInAnyOrder(
                        "by_both,tag_time=noon value=1i 1700000040",
                        "by_both,page=/,tag_time=noon value=2i 1700000040",
                        "by_both,page=(other),tag_time=(other) value=3i 1700000040");
    }
}
