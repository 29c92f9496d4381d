package dev.millrace.api.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.uber.h3core.H3Core;

import dev.millrace.api.ApiServer;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Ranking;
import dev.millrace.api.window.RowTable;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.testing.TestServers;

import io.lettuce.core.ScoredValue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** In which fences and cells rows are, as they come, move and go. */
class PlacesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:42:31Z");
    private static final String MANIFEST =
            """
            apiVersion: millrace.dev/v1alpha1
            kind: AnalyticsPipeline
            metadata: {name: couriers}
            spec:
              streams:
                - name: couriers
                  fields: {at: {type: timestamp}, id: {type: string}, state: {type: string, optional: true},
                           lon: {type: number, optional: true}, lat: {type: number, optional: true}}
                  time: at
              metrics:
                - name: couriers
                  measure: latest
                  key: id
                  value: state
                  position: [lon, lat]
                  rows: ROWS
                  cells: h3/7
                  fences:
                    west: 'POLYGON((12 41, 12.5 41, 12.5 42, 12 42, 12 41))'
                    centre: 'POLYGON((12.25 41.25, 12.75 41.25, 12.75 41.75, 12.25 41.75, 12.25 41.25))'
                    ring: 'POLYGON((12 41, 13 41, 13 42, 12 42, 12 41), (12.2 41.2, 12.2 41.8, 12.8 41.8, 12.8 41.2, 12.2 41.2))'
                    nowhere: 'POLYGON((100 0, 101 0, 101 1, 100 0))'
                - {name: places, measure: latest, key: id, position: [lon, lat]}
            """;
    private static final Map<String, Predicate<Position>> FENCES =
            Map.of(
                    "west", at -> at.isWithin(12, 41, 12.5, 42),
                    "centre", at -> at.isWithin(12.25, 41.25, 12.75, 41.75),
                    "ring",
                            at ->
                                    at.isWithin(12, 41, 13, 42)
                                            && !at.isWithin(12.2, 41.2, 12.8, 41.8),
                    "nowhere", _ -> false);

    private final LettuceConnectionFactory factory =
            new LettuceConnectionFactory(
                    new RedisStandaloneConfiguration(
                            TestServers.redis().host(), TestServers.redis().port()));
    private StateConnection connection;

    private record Position(double lon, double lat) {
        boolean isWithin(double west, double south, double east, double north) {
            return lon >= west && lon <= east && lat >= south && lat <= north;
        }

        String json() {
            return String.format(Locale.ROOT, "[%s,%s]", lon, lat);
        }
    }

    private record Courier(Instant at, String state, Position position) {}

    @BeforeEach
    void begin() {
        factory.afterPropertiesSet();
        factory.start();
        connection = StateConnection.open(factory, Duration.ofSeconds(20));
    }

    @AfterEach
    void end() {
        connection.close();
        factory.destroy();
    }

    private static Plan plan(int rows) {
        return ManifestReader.parse("test", MANIFEST.replace("ROWS", String.valueOf(rows)));
    }

    private RowTable table(StateReader reader, Plan plan) throws InterruptedException {
        return (RowTable)
                reader.read(connection, NOW)
                        .view(
                                "couriers",
                                plan.metric("couriers").orElseThrow().windows().getFirst())
                        .orElseThrow()
                        .detail();
    }

    private static Map<String, Long> counts(Ranking ranking) {
        Map<String, Long> counts = new TreeMap<>();
        for (Group group : ranking.page(0, 1_000)) {
            counts.put(
                    String.valueOf(GroupKey.decode(group.key()).getFirst()),
                    group.value().longValue());
        }
        return counts;
    }

    @Test
    void countsAreThoseOfTheRowsWhateverHappensToThem() throws Exception {
        Random random = new Random(5);
        H3Core h3 = H3Core.newInstance();
        Plan plan = plan(40);
        Map<String, Courier> truth = new HashMap<>();
        try (StateWriter writer = new StateWriter(plan, TestServers.redis().url())) {
            writer.begin("era");
            RowWriter rows = new RowWriter(writer);
            StateReader reader = new StateReader(plan);
            Instant at = NOW.minusSeconds(10_000);
            for (int round = 0; round < 150; round++) {
                for (int i = random.nextInt(1, 12); i > 0; i--) {
                    at = at.plusMillis(1);
                    String id = "c" + random.nextInt(60);
                    Courier courier = courier(random, at, truth.get(id));
                    truth.put(id, courier);
                    rows.put("couriers", id, at, content(courier));
                    rows.dropOldest("couriers", 40);
                }
                List<Courier> kept =
                        truth.values().stream()
                                .sorted((a, b) -> b.at().compareTo(a.at()))
                                .limit(40)
                                .toList();
                compare(table(reader, plan), kept, h3);
            }
        }
    }

    private static Courier courier(Random random, Instant at, Courier before) {
        String state = List.of("waiting", "moving", "arrived").get(random.nextInt(3));
        return switch (random.nextInt(10)) {
            case 0 -> new Courier(at, null, null);
            case 1, 2 -> new Courier(at, state, before == null ? null : before.position());
            // on the edges of some fences
            case 3 ->
                    new Courier(
                            at,
                            state,
                            new Position(
                                    12 + random.nextInt(5) / 4.0, 41 + random.nextInt(5) / 4.0));
            default ->
                    new Courier(
                            at,
                            state,
                            new Position(
                                    random.nextDouble(11.8, 13.2), random.nextDouble(40.8, 42.2)));
        };
    }

    private static String content(Courier courier) {
        return "{"
                + (courier.state() == null ? "" : "\"value\":\"" + courier.state() + "\"")
                + (courier.state() == null || courier.position() == null ? "" : ",")
                + (courier.position() == null ? "" : "\"position\":" + courier.position().json())
                + "}";
    }

    private static void compare(RowTable table, List<Courier> kept, H3Core h3) {
        List<Courier> located = kept.stream().filter(one -> one.position() != null).toList();
        assertThat(table.size()).isEqualTo(kept.size());
        assertThat(table.located()).isEqualTo(located.size());
        assertThat(table.fences())
                .extracting(count -> count.fence().name())
                .containsExactly("west", "centre", "ring", "nowhere");
        for (int i = 0; i < table.fences().size(); i++) {
            RowTable.FenceCount count = table.fences().get(i);
            List<Courier> inside =
                    located.stream()
                            .filter(one -> FENCES.get(count.fence().name()).test(one.position()))
                            .toList();
            assertThat(count.size()).as(count.fence().name()).isEqualTo(inside.size());
            assertThat(table.size(new RowTable.Choice(null, i))).isEqualTo(inside.size());
            assertThat(counts(count.values()))
                    .isEqualTo(
                            new TreeMap<>(
                                    inside.stream()
                                            .collect(
                                                    Collectors.groupingBy(
                                                            one -> String.valueOf(one.state()),
                                                            Collectors.counting()))));
        }
        assertThat(counts(table.cells()))
                .isEqualTo(
                        new TreeMap<>(
                                located.stream()
                                        .collect(
                                                Collectors.groupingBy(
                                                        one ->
                                                                h3.latLngToCellAddress(
                                                                        one.position().lat(),
                                                                        one.position().lon(),
                                                                        7),
                                                        Collectors.counting()))));
        assertThat(table.cells().page(0, 1_000))
                .extracting(group -> group.value().longValue())
                .isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @Test
    void aHundredThousandRowsAreLocated() throws Exception {
        Plan plan = plan(100_000);
        Random random = new Random(2);
        Map<String, String> stored = new HashMap<>();
        ScoredValue<?>[] changes = new ScoredValue<?>[100_000];
        for (int i = 0; i < 100_000; i++) {
            Position position =
                    new Position(random.nextDouble(11.8, 13.2), random.nextDouble(40.8, 42.2));
            stored.put(
                    "c" + i,
                    NOW.toEpochMilli() + ":0:" + content(new Courier(NOW, "s" + i % 7, position)));
            changes[i] = ScoredValue.just(1, "c" + i);
        }
        try (StateWriter writer = new StateWriter(plan, TestServers.redis().url())) {
            writer.begin("era");
            writer.redis().hset("couriers:all", stored);
            @SuppressWarnings("unchecked")
            ScoredValue<String>[] typed = (ScoredValue<String>[]) changes;
            writer.redis().zadd("couriers:all:changes", typed);
            RowWriter rows = new RowWriter(writer);
            rows.put("couriers", "c5", NOW, "{\"position\":[100.5,0.1]}");
            StateReader reader = new StateReader(plan);
            long begin = System.nanoTime();
            RowTable all = table(reader, plan);
            long read = System.nanoTime();
            RowTable next = all;
            long before = 0;
            for (int i = 6; i < 26; i++) {
                rows.put("couriers", "c" + i, NOW, "{\"position\":[100.5,0.1]}");
                before = System.nanoTime();
                next = table(reader, plan);
            }
            long changed = System.nanoTime();
            int cells = next.cells().size();
            long counted = System.nanoTime();

            System.out.printf(
                    "100,000 rows located: read %d ms, then one that moved %d ms, %d cells counted %d ms%n",
                    (read - begin) / 1_000_000,
                    (changed - before) / 1_000_000,
                    cells,
                    (counted - changed) / 1_000_000);
            assertThat(all.fences().getLast().size()).isEqualTo(1);
            assertThat(next.fences().getLast().size()).isEqualTo(21);
            assertThat(
                            next.cells().page(0, cells).stream()
                                    .mapToLong(group -> group.value().longValue())
                                    .sum())
                    .isEqualTo(100_000);
        }
    }

    @Test
    void theApiAnswersFencesAndCells() throws Exception {
        Plan plan = plan(100);
        try (StateWriter writer = new StateWriter(plan, TestServers.redis().url())) {
            writer.begin("era");
            RowWriter rows = new RowWriter(writer);
            rows.put("couriers", "a", NOW, "{\"value\":\"moving\",\"position\":[12.4,41.5]}");
            rows.put("couriers", "b", NOW, "{\"value\":\"moving\",\"position\":[12.4,41.5]}");
            rows.put("couriers", "c", NOW, "{\"value\":\"waiting\",\"position\":[12.1,41.5]}");
            rows.put("couriers", "d", NOW, "{\"position\":[12.6,41.5]}");
            rows.put("couriers", "e", NOW, "{\"value\":\"moving\"}");
            try (ApiServer server = new ApiServer(plan, TestServers.redis().url())) {
                ApiServer.await(
                        () -> server.json("/api/v1/metrics/couriers").path("value").asInt() == 5);

                JsonNode metric = server.json("/api/v1/metrics").path("metrics").path(0);
                assertThat(metric.path("position").toString()).isEqualTo("[\"lon\",\"lat\"]");
                assertThat(metric.path("cells").asString()).isEqualTo("h3/7");
                assertThat(metric.at("/fences/0/name").asString()).isEqualTo("west");
                assertThat(metric.at("/fences/2/area/coordinates/0")).hasSize(2);
                assertThat(metric.at("/fences/0/area/coordinates/0/0/1").toString())
                        .isEqualTo("[12.5,41.0]");

                JsonNode fences = server.json("/api/v1/metrics/couriers").path("fences");
                assertThat(fences.toString())
                        .isEqualTo(
                                "[{\"fence\":\"west\",\"value\":3,\"groups\":[{\"key\":\"moving\",\"value\":2},{\"key\":\"waiting\",\"value\":1}]},"
                                        + "{\"fence\":\"centre\",\"value\":3,\"groups\":[{\"key\":\"moving\",\"value\":2},{\"key\":null,\"value\":1}]},"
                                        + "{\"fence\":\"ring\",\"value\":1,\"groups\":[{\"key\":\"waiting\",\"value\":1}]},"
                                        + "{\"fence\":\"nowhere\",\"value\":0,\"groups\":[]}]");

                JsonNode inside =
                        server.json("/api/v1/metrics/couriers/rows?fence=west&value=moving");
                assertThat(inside.path("totalRows").asInt()).isEqualTo(2);
                assertThat(inside.at("/rows/0/fences").toString())
                        .isEqualTo("[\"west\",\"centre\"]");
                assertThat(inside.at("/rows/0/cell").asString())
                        .isEqualTo(H3Core.newInstance().latLngToCellAddress(41.5, 12.4, 7));
                JsonNode unplaced =
                        server.json("/api/v1/metrics/couriers/rows?limit=1&offset=4").path("rows");
                assertThat(unplaced.at("/0/key").asString()).isEqualTo("e");
                assertThat(unplaced.at("/0/fences")).isEmpty();
                assertThat(unplaced.at("/0/cell").isNull()).isTrue();

                JsonNode cells = server.json("/api/v1/metrics/couriers/cells?limit=2");
                assertThat(cells.path("totalCells").asInt()).isEqualTo(3);
                assertThat(cells.path("located").asInt()).isEqualTo(4);
                assertThat(cells.path("cells")).hasSize(2);
                assertThat(cells.at("/cells/0/value").asInt()).isEqualTo(2);
                assertThat(cells.at("/cells/0/center/lon").asDouble()).isBetween(12.35, 12.45);
                assertThat(cells.at("/cells/0/center/lat").asDouble()).isBetween(41.45, 41.55);
                assertThat(server.json("/api/v1/metrics/couriers/cells?offset=3").path("cells"))
                        .isEmpty();

                assertThat(server.get("/api/v1/metrics/couriers/rows?fence=wst").statusCode())
                        .isEqualTo(400);
                assertThat(server.get("/api/v1/metrics/couriers/rows?fence=wst").body())
                        .contains("did you mean \\\"west\\\"?", "\"fences\":[\"west\"");
                assertThat(server.get("/api/v1/metrics/places/rows?fence=west").body())
                        .contains("leave the parameter out");
                assertThat(server.get("/api/v1/metrics/places/cells").statusCode()).isEqualTo(404);
                assertThat(server.get("/api/v1/metrics/places/cells").body())
                        .contains("these have: couriers");
                assertThat(server.json("/api/v1/metrics/places").has("fences")).isFalse();
            }
        }
    }
}
