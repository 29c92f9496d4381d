package dev.millrace.producer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.producer.TestPlans;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sessions that go through steps: what is seen of them in the events. */
class LivesTest {
    private static final long BEGIN = 1_770_000_000_000L;
    private static final double BLOCK = 150 / Way.METRES_OF_A_DEGREE;

    private final StreamPlan parcels =
            stream(
                    """
                    - name: events
                      fields: {id: {type: string}, state: {type: string, enum: [packed, on_its_way, delivered]}, since: {type: timestamp},
                               lon: {type: number}, lat: {type: number}, weight: {type: integer}, at: {type: timestamp}}
                      time: at
                      key: id
                      generator:
                        session:
                          field: id
                          format: 'parcel-{n}'
                          state: state
                          since: since
                          steps:
                            - {name: packed, lasts: 2m..15m}
                            - {name: on_its_way, moves: true, every: 10s}
                            - {name: delivered}
                          path:
                            longitude: lon
                            latitude: lat
                            speed: 15..30
                            streets: {west: 12.42, south: 41.86, east: 12.53, north: 41.93}
                            starts: ['12.48 41.90']
                        values:
                          weight: {range: 1..100000, per: id}
                    """);

    private final StreamPlan visits =
            stream(
                    """
                    - name: events
                      fields: {visitor: {type: string}, visit: {type: string}, kind: {type: string, enum: [view, add, buy]},
                               vat: {type: number}, price: {type: number}, product: {type: string}, at: {type: timestamp}}
                      time: at
                      key: visitor
                      generator:
                        actor: {field: visitor, count: 3000}
                        session:
                          field: visit
                          state: kind
                          steps:
                            - {name: view, lasts: 5s..1m, next: {view: 60, add: 20}, end: 20}
                            - {name: add, lasts: 5s..30s, next: {view: 50, buy: 25}, end: 25}
                            - {name: buy}
                        values:
                          product: {choices: ['product-{1..200}'], skew: 0.9, redraw: [view]}
                          price: {range: 5..250, per: product}
                          vat: {range: 1..50, per: price}
                    """);

    @Test
    void stepsFollowEachOtherAndLastAsLongAsTheySay() {
        List<Double> packed = new ArrayList<>();
        int whole = 0;
        for (List<Map<String, Object>> life : lives(parcels, 8, 100_000, "id")) {
            List<String> states = runs(life, "state");
            assertThat(List.of("packed", "on_its_way", "delivered")).containsSubsequence(states);
            if (!states.getFirst().equals("packed") || states.size() < 3) {
                continue;
            }
            whole++;
            assertThat(life.getFirst().get("state")).isEqualTo("packed");
            packed.add(seconds(life.get(0), life.get(1)));
            // One event when it is packed and one when it is delivered, several on the way.
            assertThat(life.stream().filter(event -> event.get("state").equals("on_its_way")))
                    .hasSizeGreaterThan(1);
            assertThat(life.get(life.size() - 2).get("state")).isEqualTo("on_its_way");
            for (int i = 2; i < life.size() - 1; i++) {
                assertThat(seconds(life.get(i - 1), life.get(i))).isBetween(5.0, 15.0);
            }
        }
        assertThat(whole).isGreaterThan(500);
        assertThat(packed).allSatisfy(seconds -> assertThat(seconds).isBetween(80.0, 1_300.0));
        // Log-uniform: as many below the geometric mean as above it.
        double below = packed.stream().filter(seconds -> seconds < Math.sqrt(120 * 900)).count();
        assertThat(below / packed.size()).isCloseTo(0.5, within(0.06));
    }

    @Test
    void onTheirOwnClockTimesAndSpeedsAreExact() {
        var random = new SplittableRandom(3);
        var steps = new Steps(parcels.generator().session(), random);
        var life = new Life(steps, random);
        var moment = new Moment();
        for (int session = 0; session < 200; session++) {
            long now = session * 1_000_000_000L;
            life.begin(now);
            List<String> names = new ArrayList<>();
            double mostMetres = 0;
            while (life.proceed(now)) {
                double longitude = moment.longitude;
                double latitude = moment.latitude;
                life.describe(now, moment);
                names.add(new String(moment.step.name().plain(), StandardCharsets.UTF_8));
                long next = life.after(now);
                int index = moment.step.index();
                assertThat(next - now)
                        .isBetween(
                                index == 0 ? 120_000_000L : 0L,
                                index == 0 ? 900_000_000L : index == 1 ? 11_000_000L : 0L);
                if (names.size() > 2) {
                    double metres =
                            PointWay.distance(
                                    longitude, latitude, moment.longitude, moment.latitude);
                    assertThat(metres).isLessThanOrEqualTo(mostMetres + 0.1);
                }
                mostMetres = (next - now) / 3.6e6 * 30;
                now = next;
            }
            assertThat(names.stream().distinct())
                    .containsExactly("packed", "on_its_way", "delivered");
            assertThat(names).endsWith("on_its_way", "delivered");
        }
    }

    @Test
    void sinceIsWhenTheStepBegan() {
        for (List<Map<String, Object>> life : lives(parcels, 8, 50_000, "id")) {
            for (int i = 1; i < life.size(); i++) {
                Map<String, Object> event = life.get(i);
                if (event.get("state").equals(life.get(i - 1).get("state"))) {
                    assertThat(event.get("since")).isEqualTo(life.get(i - 1).get("since"));
                } else {
                    assertThat(event.get("since")).isEqualTo(event.get("at"));
                }
            }
            assertThat((long) life.getFirst().get("since"))
                    .isLessThanOrEqualTo((long) life.getFirst().get("at"));
        }
    }

    @Test
    void positionsStayInTheStreetsAndBelowTheSpeed() {
        double column = BLOCK / Math.cos(Math.toRadians((41.86 + 41.93) / 2));
        int moved = 0;
        for (List<Map<String, Object>> life : lives(parcels, 8, 40_000, "id")) {
            for (int i = 0; i < life.size(); i++) {
                double lon = (double) life.get(i).get("lon");
                double lat = (double) life.get(i).get("lat");
                assertThat(lon).isBetween(12.42, 12.53);
                assertThat(lat).isBetween(41.86, 41.93);
                assertThat(Math.min(off((lon - 12.42) / column), off((lat - 41.86) / BLOCK)))
                        .as("%s %s is in a street", lon, lat)
                        .isLessThan(0.001);
                if (life.get(i).get("state").equals("packed")) {
                    assertThat(PointWay.distance(lon, lat, 12.48, 41.90)).isLessThan(150);
                }
                if (i == 0) {
                    continue;
                }
                double metres =
                        PointWay.distance(
                                (double) life.get(i - 1).get("lon"),
                                (double) life.get(i - 1).get("lat"),
                                lon,
                                lat);
                double seconds = seconds(life.get(i - 1), life.get(i));
                // The sessions' clock is not quite the one on the wall.
                assertThat(metres).isLessThanOrEqualTo((seconds + 2) * 30 / 3.6);
                moved += metres > 0 ? 1 : 0;
            }
        }
        assertThat(moved).isGreaterThan(20_000);
    }

    @Test
    void sessionsBranchByTheirWeights() {
        Map<String, Integer> steps = new HashMap<>();
        Map<String, Integer> follows = new HashMap<>();
        for (List<Map<String, Object>> visit : lives(visits, 60, 400_000, "visit")) {
            for (int i = 0; i < visit.size(); i++) {
                String kind = (String) visit.get(i).get("kind");
                steps.merge(kind, 1, Integer::sum);
                String next = i + 1 < visit.size() ? (String) visit.get(i + 1).get("kind") : "end";
                follows.merge(kind + " " + next, 1, Integer::sum);
            }
            assertThat(visit.stream().map(event -> event.get("visitor")).distinct()).hasSize(1);
        }
        assertThat(follows.keySet())
                .containsExactlyInAnyOrder(
                        "view view",
                        "view add",
                        "view end",
                        "add view",
                        "add buy",
                        "add end",
                        "buy end");
        double views = steps.get("view");
        assertThat(follows.get("view view") / views).isCloseTo(0.6, within(0.01));
        assertThat(follows.get("view add") / views).isCloseTo(0.2, within(0.01));
        assertThat(follows.get("add buy") / (double) steps.get("add"))
                .isCloseTo(0.25, within(0.01));
        assertThat(steps.get("buy") / views).isCloseTo(0.05, within(0.005));
    }

    @Test
    void whatIsBoughtIsWhatWasLookedAtAndHasItsPrice() {
        Map<Object, Object> prices = new HashMap<>();
        Map<Object, Object> vats = new HashMap<>();
        int changes = 0;
        for (List<Map<String, Object>> visit : lives(visits, 60, 100_000, "visit")) {
            for (int i = 0; i < visit.size(); i++) {
                Map<String, Object> event = visit.get(i);
                assertThat(prices.putIfAbsent(event.get("product"), event.get("price")))
                        .isIn(null, event.get("price"));
                assertThat(vats.putIfAbsent(event.get("price"), event.get("vat")))
                        .isIn(null, event.get("vat"));
                if (i > 0) {
                    boolean same = event.get("product").equals(visit.get(i - 1).get("product"));
                    assertThat(same || event.get("kind").equals("view")).isTrue();
                    changes += same ? 0 : 1;
                }
            }
        }
        assertThat(prices).hasSize(200);
        assertThat(new HashSet<>(prices.values())).hasSizeGreaterThan(150);
        assertThat(changes).isGreaterThan(10_000);
        for (List<Map<String, Object>> life : lives(parcels, 8, 20_000, "id")) {
            assertThat(life.stream().map(event -> event.get("weight")).distinct()).hasSize(1);
        }
    }

    @Test
    void sameSeedMakesTheSameEvents() {
        for (StreamPlan stream : List.of(parcels, visits)) {
            List<String> events = texts(stream, 42, 20_000, BEGIN);
            assertThat(texts(stream, 42, 20_000, BEGIN)).isEqualTo(events);
            assertThat(texts(stream, 43, 100, BEGIN)).isNotEqualTo(events.subList(0, 100));
            // Later, only times differ.
            assertThat(withoutTimes(texts(stream, 42, 1_000, BEGIN + 877_000)))
                    .isEqualTo(withoutTimes(events.subList(0, 1_000)));
        }
    }

    @Test
    void sessionsAreInEachStepFromTheBeginning() {
        Map<Object, Long> states =
                read(parcels, 8, 400).stream()
                        .collect(Collectors.groupingBy(e -> e.get("state"), Collectors.counting()));
        assertThat(states).containsOnlyKeys("packed", "on_its_way", "delivered");
        Set<Object> ids =
                read(parcels, 8, 400).stream().map(e -> e.get("id")).collect(Collectors.toSet());
        assertThat(ids).allSatisfy(id -> assertThat((String) id).matches("parcel-[1-9][0-9]{5,6}"));
    }

    @Test
    void hugeRatesAndEndlessSessionsStayBounded() {
        StreamPlan endless =
                stream(
                        """
                        - name: events
                          fields: {id: {type: string}, state: {type: string}, lon: {type: number}, lat: {type: number}}
                          key: id
                          generator:
                            session:
                              field: id
                              state: state
                              steps:
                                - {name: rests, lasts: 1d..30d}
                                - {name: drives, lasts: 1m, moves: true, every: 1s, next: {rests: 1}}
                              path: {longitude: lon, latitude: lat, points: ['0 0', '0.001 0', '0.001 0.001']}
                        """);
        var maker = new EventMaker(endless, 1e7, 1);
        Set<Object> seen = new HashSet<>();
        var decoder = new EventDecoder(endless);
        for (int i = 0; i < 200_000; i++) {
            byte[] key = maker.next(BEGIN).key();
            seen.add(new String(key, StandardCharsets.UTF_8));
        }
        assertThat(seen).hasSizeBetween(100, Timetable.MOST);
        assertThat(decoder.decode(maker.next(BEGIN).value(), BEGIN)).isInstanceOf(Event.class);
    }

    @Test
    void stepsThatTakeNoTimeGoOn() {
        StreamPlan stream =
                stream(
                        """
                        - name: events
                          fields: {id: {type: string}, state: {type: string}}
                          generator:
                            session: {field: id, state: state, steps: [{name: only}]}
                        """);
        Set<Object> ids =
                read(stream, 60, 1_000).stream().map(e -> e.get("id")).collect(Collectors.toSet());
        assertThat(ids).hasSize(1_000);
    }

    private static StreamPlan stream(String yaml) {
        return TestPlans.withStreams(yaml).streams().getFirst();
    }

    private static double off(double blocks) {
        return Math.abs(blocks - Math.rint(blocks));
    }

    private static double seconds(Map<String, Object> from, Map<String, Object> to) {
        return ((long) to.get("at") - (long) from.get("at")) / 1e3;
    }

    /** The values of a field, without repetitions in a row. */
    private static List<String> runs(List<Map<String, Object>> events, String field) {
        List<String> runs = new ArrayList<>();
        for (Map<String, Object> event : events) {
            if (runs.isEmpty() || !runs.getLast().equals(event.get(field))) {
                runs.add((String) event.get(field));
            }
        }
        return runs;
    }

    /** The events of each session; those that are cut off at the end are left out. */
    private static List<List<Map<String, Object>>> lives(
            StreamPlan stream, int rate, int count, String id) {
        Map<Object, List<Map<String, Object>>> lives = new LinkedHashMap<>();
        List<Map<String, Object>> events = read(stream, rate, count);
        events.forEach(
                event -> lives.computeIfAbsent(event.get(id), any -> new ArrayList<>()).add(event));
        long end = (long) events.getLast().get("at");
        return lives.values().stream()
                .filter(life -> end - (long) life.getLast().get("at") > 1_000_000)
                .toList();
    }

    /** Events at a rate, as they would flow. */
    private static List<Map<String, Object>> read(StreamPlan stream, int rate, int count) {
        var decoder = new EventDecoder(stream);
        var maker = new EventMaker(stream, rate, 1);
        List<Map<String, Object>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long now = BEGIN + i * 1_000L / rate;
            Event event = (Event) decoder.decode(maker.next(now).value(), now);
            Map<String, Object> values = new HashMap<>();
            for (FieldPlan field : stream.schema().fields()) {
                values.put(field.name(), event.value(field));
            }
            events.add(values);
        }
        return events;
    }

    private static List<String> texts(StreamPlan stream, long seed, int count, long now) {
        var maker = new EventMaker(stream, 60, seed);
        return Stream.generate(() -> new String(maker.next(now).value(), StandardCharsets.UTF_8))
                .limit(count)
                .toList();
    }

    private static List<String> withoutTimes(List<String> events) {
        return events.stream().map(text -> text.replaceAll("20[0-9T:.-]*Z", "")).toList();
    }
}
