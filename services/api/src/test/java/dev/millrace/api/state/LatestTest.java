package dev.millrace.api.state;

import static dev.millrace.api.state.ReadState.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.window.Ages;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.RowTable;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import io.lettuce.core.ScoredValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows as the processor keeps them, their values and ages. */
class LatestTest {
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: shop}
                    spec:
                      streams:
                        - name: couriers
                          fields: {at: {type: timestamp}, id: {type: string}, state: {type: string, optional: true},
                                   since: {type: timestamp, optional: true}, lon: {type: number}, lat: {type: number}}
                          time: at
                      metrics:
                        - {name: couriers, measure: latest, key: id, value: state, since: since, position: [lon, lat]}
                        - {name: few, measure: latest, key: id, rows: 20}
                        - {name: trips, measure: latest, key: id, value: state, since: since, rows: 20, leave: {home: 10m, gone: 1s}}
                        - {name: seen, measure: count, window: all}
                      views:
                        - {path: /states, body: {each: couriers, as: {state: key, couriers: value}}}
                    """);

    @RegisterExtension private final ReadState state = new ReadState(PLAN);
    private final StateWriter writer = state.writer();
    private final RowWriter rows = new RowWriter(writer);

    private WindowView view(String metric) throws InterruptedException {
        return view(metric, NOW);
    }

    private WindowView view(String metric, Instant now) throws InterruptedException {
        Snapshot snapshot = state.read(now);
        return snapshot.view(metric, PLAN.metric(metric).orElseThrow().windows().getFirst())
                .orElseThrow();
    }

    private static RowTable table(WindowView view) {
        return (RowTable) view.detail();
    }

    private static RowTable.Choice inState(String value) {
        return new RowTable.Choice(value, -1);
    }

    private static String content(String state, Instant since) {
        return "{\"value\":\"%s\",\"since\":%d}".formatted(state, since.toEpochMilli());
    }

    private List<String> keys(Instant now) throws InterruptedException {
        return table(view("trips", now)).page(RowTable.Choice.ALL, 0, 100).stream()
                .map(RowTable.Entry::key)
                .sorted()
                .toList();
    }

    @Test
    void rowsThatHaveComeToTheirEndLeave() throws Exception {
        rows.put("trips", "ann", NOW, content("away", NOW.minusSeconds(99_999)));
        rows.put("trips", "bob", NOW, content("home", NOW.minusSeconds(590)));
        rows.put("trips", "cid", NOW, content("home", NOW));
        rows.put("trips", "dan", NOW.minusSeconds(9), content("gone", NOW.minusSeconds(9)));
        rows.put("trips", "eve", NOW, "{}");
        assertThat(keys(NOW)).containsExactly("ann", "bob", "cid", "eve");

        WindowView before = view("trips", NOW.plusSeconds(9));
        assertThat(view("trips", NOW.plusSeconds(9))).as("nothing left").isSameAs(before);
        WindowView after = view("trips", NOW.plusSeconds(10));
        assertThat(after.value()).isEqualTo(3L);
        assertThat(after.ranking().top())
                .extracting(Group::key, Group::value)
                .contains(org.assertj.core.groups.Tuple.tuple("home", 1L));
        assertThat(keys(NOW.plusSeconds(10))).containsExactly("ann", "cid", "eve");
        long version = state.reader().last().version();
        assertThat(state.read(NOW.plusSeconds(600)).version())
                .as("clients are told")
                .isGreaterThan(version);
        assertThat(keys(NOW.plusSeconds(600))).containsExactly("ann", "eve");

        rows.put("trips", "bob", NOW.plusSeconds(601), content("away", NOW.plusSeconds(601)));
        assertThat(keys(NOW.plusSeconds(601))).containsExactly("ann", "bob", "eve");
        assertThat(writer.redis().hlen("trips:all")).as("Redis keeps them").isEqualTo(5);
    }

    @Test
    void rowsAreDroppedInRedisAlsoWhereOthersHaveLeft() throws Exception {
        rows.put("trips", "old", NOW.minusSeconds(5_000), content("away", NOW));
        for (int i = 0; i < 19; i++) {
            rows.put(
                    "trips",
                    "home-" + i,
                    NOW.minusSeconds(1_000),
                    content("home", NOW.minusSeconds(1_000)));
        }
        assertThat(keys(NOW)).containsExactly("old");
        rows.put("trips", "new", NOW, content("away", NOW));
        rows.dropOldest("trips", 20);
        assertThat(keys(NOW)).containsExactly("new");
        assertThat(table(view("trips")).dropped()).isEqualTo(1);
    }

    @Test
    void noRowsAreNoRows() throws Exception {
        assertThat(view("couriers").value()).isEqualTo(0L);
        assertThat(view("couriers").ranking().size()).isZero();
        assertThat(table(view("couriers")).ages()).isNull();
        assertThat(table(view("couriers")).page(RowTable.Choice.ALL, 0, 10)).isEmpty();
    }

    @Test
    void valuesAreCountedAndAged() throws Exception {
        for (int i = 1; i <= 100; i++) {
            rows.put("couriers", "c" + i, NOW, content("busy", NOW.minusSeconds(i)));
        }
        rows.put("couriers", "x", NOW.minusSeconds(5), "{}");
        rows.put("couriers", "y", NOW, content("free", NOW.plusSeconds(60)));

        WindowView view = view("couriers");
        assertThat(view.value()).isEqualTo(102L);
        assertThat(view.ranking().top())
                .extracting(Group::key, Group::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("busy", 100L),
                        org.assertj.core.groups.Tuple.tuple("\u0018", 1L),
                        org.assertj.core.groups.Tuple.tuple("free", 1L));
        Ages busy = (Ages) view.ranking().top().getFirst().detail();
        assertThat(
                        Arrays.asList(
                                Ages.age(busy.min(), NOW),
                                Ages.age(busy.p50(), NOW),
                                Ages.age(busy.average(), NOW),
                                Ages.age(busy.p75(), NOW),
                                Ages.age(busy.p90(), NOW),
                                Ages.age(busy.p99(), NOW),
                                Ages.age(busy.max(), NOW)))
                .containsExactly(1_000L, 50_000L, 50_500L, 75_000L, 90_000L, 99_000L, 100_000L);
        Ages free = (Ages) view.ranking().top().get(2).detail();
        assertThat(Ages.age(free.max(), NOW)).as("a state cannot begin after its event").isZero();
    }

    @Test
    void onlyChangedRowsAreReadAgainAndTheOldestAreForgotten() throws Exception {
        Random random = new Random(9);
        Map<String, Instant> truth = new HashMap<>();
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 5; i++) {
                String key = "k" + random.nextInt(60);
                Instant at = NOW.minusSeconds(random.nextInt(30));
                if (truth.getOrDefault(key, Instant.EPOCH).isAfter(at)) {
                    continue;
                }
                truth.put(key, at);
                rows.put("few", key, at, "{}");
                rows.dropOldest("few", 20);
            }
            RowTable table = table(view("few"));
            List<String> expected =
                    truth.entrySet().stream()
                            .sorted(
                                    Map.Entry.<String, Instant>comparingByValue()
                                            .thenComparing(Map.Entry.comparingByKey())
                                            .reversed())
                            .limit(20)
                            .sorted(
                                    Map.Entry.<String, Instant>comparingByValue(
                                                    Comparator.reverseOrder())
                                            .thenComparing(Map.Entry.comparingByKey()))
                            .map(Map.Entry::getKey)
                            .toList();
            assertThat(table.page(RowTable.Choice.ALL, 0, 100))
                    .extracting(RowTable.Entry::key)
                    .containsExactlyElementsOf(expected);
            assertThat(table.size()).isEqualTo(expected.size());
        }
        assertThat(table(view("few")).dropped()).isGreaterThanOrEqualTo(truth.size() - 20);
        assertThat(view("few").ranking()).isNull();

        WindowView before = view("few");
        assertThat(view("few")).isSameAs(before);
        writer.redis().del("few:all");
        writer.redis().set("few:all", "something else");
        rows.put("couriers", "c", NOW, "{}");
        writer.redis().zadd(writer.keys().changes(), rows.sequence() + 1, "few:all");
        writer.redis().zadd("few:all:changes", rows.sequence() + 1, "k1");
        writer.redis().hset(writer.keys().meta(), "sequence", Long.toString(rows.sequence() + 1));
        assertThat(view("few").value()).isEqualTo(0L);
        assertThat(state.reader().last().condition().reason()).contains("few:all");
    }

    @Test
    void aHundredThousandRowsAreReadAndAged() throws Exception {
        Map<String, String> stored = new HashMap<>();
        ScoredValue<?>[] changes = new ScoredValue<?>[100_000];
        for (int i = 0; i < 100_000; i++) {
            stored.put(
                    "courier-" + i,
                    NOW.toEpochMilli() - i + ":0:" + content("s" + i % 7, NOW.minusSeconds(i)));
            changes[i] = ScoredValue.just(1, "courier-" + i);
        }
        writer.redis().hset("couriers:all", stored);
        @SuppressWarnings("unchecked")
        ScoredValue<String>[] typed = (ScoredValue<String>[]) changes;
        writer.redis().zadd("couriers:all:changes", typed);
        rows.put("couriers", "courier-5", NOW, "{}");

        long begin = System.nanoTime();
        WindowView all = view("couriers");
        long first = System.nanoTime();
        rows.put("couriers", "courier-6", NOW, "{}");
        WindowView next = view("couriers");
        long second = System.nanoTime();

        System.out.printf(
                "100,000 rows: read %d ms, then one that changed %d ms%n",
                (first - begin) / 1_000_000, (second - first) / 1_000_000);
        assertThat(all.value()).isEqualTo(100_000L);
        assertThat(all.ranking().size()).isEqualTo(8);
        assertThat(table(next).size(inState("s6"))).isEqualTo(table(all).size(inState("s6")) - 1);
        assertThat(table(next).page(RowTable.Choice.ALL, 99_999, 10))
                .extracting(RowTable.Entry::key)
                .containsExactly("courier-99999");
    }

    @Test
    void theApiAnswersRowsAndAges() throws Exception {
        Instant at =
                Instant.now().minusSeconds(60).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        rows.put("couriers", "b", at, "{\"value\":\"free\",\"position\":[12.5,41.9]}");
        rows.put("couriers", "a", at, content("busy", at.minusSeconds(60)));
        rows.put("couriers", "ü&?", at.plusMillis(1), "{}");
        try (ApiServer server = new ApiServer(PLAN, TestServers.redis().url())) {
            ApiServer.await(
                    () -> server.json("/api/v1/metrics/couriers").path("value").asInt() == 3);

            JsonNode couriers = server.json("/api/v1/metrics/couriers");
            assertThat(couriers.path("dropped").asInt(-1)).isZero();
            assertThat(couriers.path("limit").asInt()).isEqualTo(100_000);
            assertThat(couriers.path("ages").path("max").asLong()).isBetween(120_000L, 300_000L);
            assertThat(couriers.path("groups").path(0).path("key").isNull()).isTrue();
            assertThat(couriers.path("groups").path(1).path("key").asString()).isEqualTo("busy");
            assertThat(couriers.path("groups").path(1).path("ages").path("p50").asLong())
                    .isBetween(120_000L, 300_000L);

            JsonNode rows = server.json("/api/v1/metrics/couriers/rows?limit=2&offset=1");
            assertThat(rows.path("totalRows").asInt()).isEqualTo(3);
            assertThat(rows.path("rows")).hasSize(2);
            JsonNode busy = rows.path("rows").path(0);
            assertThat(busy.path("key").asString()).isEqualTo("a");
            assertThat(busy.path("at").asString()).isEqualTo(at.toString());
            assertThat(busy.path("since").asString()).isEqualTo(at.minusSeconds(60).toString());
            assertThat(busy.path("position").isNull()).isTrue();
            assertThat(rows.path("rows").path(1).path("position").path("lat").asDouble())
                    .isEqualTo(41.9);
            JsonNode free = server.json("/api/v1/metrics/couriers/rows?value=free");
            assertThat(free.path("totalRows").asInt()).isEqualTo(1);
            assertThat(server.json("/states").path(0).path("couriers").asInt()).isEqualTo(1);
            assertThat(
                            server.json("/api/v1/pipeline")
                                    .path("panels")
                                    .path(0)
                                    .path("kind")
                                    .asString())
                    .isEqualTo("rows");

            assertThat(server.get("/api/v1/metrics/seen/rows").statusCode()).isEqualTo(404);
            assertThat(server.get("/api/v1/metrics/seen/rows").body())
                    .contains("these have: couriers, few");
            assertThat(server.get("/api/v1/metrics/nothing/rows").statusCode()).isEqualTo(404);
            assertThat(server.get("/api/v1/metrics/few/rows?limit=0").statusCode()).isEqualTo(400);
            assertThat(
                            new String(
                                    server.get("/openapi.json")
                                            .body()
                                            .getBytes(StandardCharsets.UTF_8),
                                    StandardCharsets.UTF_8))
                    .contains("/api/v1/metrics/{name}/rows");
        }
    }
}
