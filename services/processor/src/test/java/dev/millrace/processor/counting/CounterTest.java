package dev.millrace.processor.counting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.Row;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What events add to which buckets. */
class CounterTest {
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: test}
                    spec:
                      streams:
                        - name: events
                          fields:
                            at: {type: timestamp}
                            user: {type: string}
                            city: {type: string, optional: true}
                            status: {type: integer}
                            price: {type: number, optional: true}
                            items: {type: array, optional: true, items: {sku: {type: string}, quantity: {type: integer}}}
                          time: at
                          lateness: 1m
                      metrics:
                        - {name: hits, measure: count, windows: [5m, 1d, all]}
                        - {name: errors, measure: count, window: 5m, where: 'status >= 500'}
                        - {name: places, measure: count, by: 'city, status', window: 5m}
                        - {name: revenue, measure: sum, of: price, by: user, window: 5m}
                        - {name: users, measure: unique, of: user, window: 5m}
                        - {name: cities, measure: unique, of: city, by: user, window: 5m}
                        - {name: usual, measure: average, of: price, window: 5m}
                        - {name: usual_of, measure: average, of: status, by: user, window: 5m}
                        - {name: cheapest, measure: min, of: price, window: 5m}
                        - {name: worst, measure: max, of: status, by: user, window: 5m}
                        - {name: lines, measure: count, explode: items, windows: [5m, all]}
                        - {name: sold, measure: sum, of: 'items[].quantity', by: 'items[].sku', window: 5m}
                        - {name: buyers, measure: unique, of: user, by: 'items[].sku', window: 5m, where: 'items[].quantity > 1'}
                        - {name: states, measure: latest, key: user, value: status, rows: 7}
                        - {name: spread, measure: percentiles, of: price, window: 5m}
                    """);
    private static final StreamPlan STREAM = PLAN.streams().getFirst();
    private static final EventDecoder DECODER = new EventDecoder(STREAM);
    private static final long NOW = Instant.parse("2026-11-21T10:42:30Z").toEpochMilli();

    private final Counter counter = new Counter(STREAM, PLAN.measures(STREAM), 1_000);
    private final Deltas deltas = counter.deltas();

    private void count(String json, long now) {
        counter.count(
                (Event) DECODER.decode(json.getBytes(StandardCharsets.UTF_8), NOW), now, deltas);
    }

    private Map<String, Object> flushed() {
        Map<String, Object> flushed = new TreeMap<>();
        deltas.writeTo(new WrittenCells(flushed));
        return flushed;
    }

    @Test
    void eachMeasureGoesToItsBuckets() {
        count(
                "{\"at\":\"2026-11-21T10:42:00Z\",\"user\":\"ann\",\"city\":\"Ulm\",\"status\":200,\"price\":0.1}",
                NOW);
        count(
                "{\"at\":\"2026-11-21T10:42:59Z\",\"user\":\"ann\",\"city\":\"Ulm\",\"status\":503,\"price\":0.2}",
                NOW);
        count("{\"at\":\"2026-11-21T10:41:59Z\",\"user\":\"bob\",\"status\":200}", NOW);

        assertThat(flushed())
                .containsEntry("hits:202611211042", 2L)
                .containsEntry("hits:202611211041", 1L)
                .containsEntry("hits:2026112110", 3L)
                .containsEntry("hits:all", 3L)
                .containsEntry("errors:202611211042", 1L)
                .doesNotContainKey("errors:202611211041")
                .containsEntry(
                        "ranked places:202611211042",
                        Map.of("Ulm\u001f200", 1L, "Ulm\u001f503", 1L))
                .containsEntry("ranked places:202611211041", Map.of("\u0018\u001f200", 1L))
                .containsEntry("revenue:202611211042", Map.of("ann", 300_000L))
                .containsEntry("users:202611211042", Set.of("ann"))
                .containsEntry("cities:ann:202611211042", Set.of("Ulm"))
                .doesNotContainKey("cities:bob:202611211041")
                .containsEntry("usual:202611211042", Map.of("sum", 300_000L, "count", 2L))
                .containsEntry("usual:202611211041", Map.of())
                .containsEntry("usual_of:202611211042", Map.of("sum:ann", 703L, "count:ann", 2L))
                .containsEntry("min cheapest:202611211042", 100_000L)
                .containsEntry("min cheapest:202611211041", Map.of())
                .containsEntry("max worst:202611211042", Map.of("ann", 503L))
                .containsEntry("spread:202611211041", Map.of())
                .hasEntrySatisfying(
                        "spread:202611211042",
                        distributions -> {
                            Distribution expected = new Distribution();
                            expected.add(200_000);
                            expected.add(100_000);
                            assertThat(distributions).isEqualTo(Map.of("", expected));
                        });
        assertThat(deltas.valid()).isEqualTo(3);
    }

    @Test
    void itemsCountOneByOne() {
        count(
                """
                {"at":"2026-11-21T10:42:00Z","user":"ann","status":1,
                 "items":[{"sku":"a","quantity":2},{"sku":"b","quantity":1},{"sku":"a","quantity":3},7]}
                """,
                NOW);
        count("{\"at\":\"2026-11-21T10:42:00Z\",\"user\":\"bob\",\"status\":1}", NOW);

        assertThat(flushed())
                .containsEntry("lines:202611211042", 3L)
                .containsEntry("lines:all", 3L)
                .containsEntry("sold:202611211042", Map.of("a", 5L, "b", 1L))
                .containsEntry("buyers:a:202611211042", Set.of("ann"))
                .doesNotContainKey("buyers:b:202611211042")
                .containsEntry("hits:all", 2L);
        assertThat(deltas.valid()).isEqualTo(2);
    }

    @Test
    void theNewestEventOfAKeyIsItsRow() {
        count("{\"at\":\"2026-11-21T10:42:00Z\",\"user\":\"ann\",\"status\":1}", NOW);
        count("{\"at\":\"2026-11-21T10:41:00Z\",\"user\":\"ann\",\"status\":2}", NOW);
        count("{\"at\":\"2026-11-21T10:42:00Z\",\"user\":\"ann\",\"status\":3}", NOW);
        count("{\"at\":\"2026-11-21T10:42:01Z\",\"user\":\"bob\",\"status\":4}", NOW);

        long time = Instant.parse("2026-11-21T10:42:00Z").toEpochMilli();
        assertThat(flushed())
                .containsEntry(
                        "rows 7 states:all",
                        Map.of(
                                "ann",
                                new Row(time, "3", null, null, null),
                                "bob",
                                new Row(time + 1_000, "4", null, null, null)));
    }

    @Test
    void bucketsThatNoWindowNeedsAnyMoreAreLeftOutButTheTotalIsNot() {
        count("{\"at\":\"2026-11-21T10:42:00Z\",\"user\":\"ann\",\"status\":200}", NOW + 3_600_000);

        assertThat(flushed()).containsOnlyKeys("hits:2026112110", "hits:all", "rows 7 states:all");
        assertThat(deltas.valid()).isEqualTo(1);
    }

    @Test
    void bucketsAreKeptForTheWindowTheOneBeforeAndLateEvents() {
        count("{\"at\":\"2026-11-21T10:42:00Z\",\"user\":\"ann\",\"status\":200}", NOW);

        long end = Instant.parse("2026-11-21T10:43:00Z").getEpochSecond();
        assertThat(deltas.cells())
                .filteredOn(
                        cell ->
                                cell.key().equals("errors:202611211042")
                                        || cell.key().equals("hits:202611211042"))
                .allSatisfy(cell -> assertThat(cell.expiry()).isEqualTo(end + 2 * 300 + 60 + 600));
        assertThat(deltas.cells())
                .filteredOn(cell -> cell.key().equals("hits:all"))
                .allSatisfy(cell -> assertThat(cell.expiry()).isZero());
    }

    @Test
    void aSumBeyondSixtyFourBitsSaturates() {
        Amount amount = new Amount();
        amount.add(Long.MAX_VALUE - 1);
        amount.add(5);
        assertThat(amount.value()).isEqualTo(Long.MAX_VALUE);
        Amount negative = new Amount();
        negative.add(Long.MIN_VALUE + 1);
        negative.add(-10);
        assertThat(negative.value()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void theNewestDeadLettersAreKeptForShowing() {
        for (int i = 0; i < 150; i++) {
            deltas.reject(i % 2 == 0 ? Cause.missing : Cause.type, "letter " + i);
        }
        assertThat(deltas.deadLetters()).hasSize(100).first().isEqualTo("letter 149");
        assertThat(deltas.rejected()).isEqualTo(Map.of(Cause.missing, 75L, Cause.type, 75L));
    }
}
