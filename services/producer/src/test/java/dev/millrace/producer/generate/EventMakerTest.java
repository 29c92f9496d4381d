package dev.millrace.producer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.producer.TestPlans;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

class EventMakerTest {
    private static final long NOW = 1_770_000_000_123L;

    private final StreamPlan clicks =
            TestPlans.withStreams(
                            """
                            - name: events
                              fields:
                                timestamp: {type: timestamp}
                                user_id: {type: string}
                                event_type: {type: string, enum: [page_view, click, purchase]}
                                page_url: {type: string}
                                session_id: {type: string}
                              time: timestamp
                              key: user_id
                              generator:
                                invalid: 1%
                                actor: {field: user_id, count: 500, format: "user-{n}"}
                                session: {field: session_id, length: 12, pause: 8s}
                                values:
                                  event_type: {weights: {page_view: 78, click: 19, purchase: 3}}
                                  page_url:
                                    choices: [/, /products, /search, /cart, /checkout, "/products/{1..40}", /account, /help]
                                    skew: 0.9
                            """)
                    .streams()
                    .getFirst();

    @Test
    void sameSeedMakesTheSameBytes() {
        assertThat(text(clicks, 42, 5_000, NOW)).isEqualTo(text(clicks, 42, 5_000, NOW));
        assertThat(text(clicks, 42, 100, NOW)).isNotEqualTo(text(clicks, 43, 100, NOW));
        // Only times differ at another time.
        assertThat(text(clicks, 42, 1_000, NOW + 877_000))
                .hasSameSizeAs(text(clicks, 42, 1_000, NOW));
        assertThat(withoutTimes(text(clicks, 42, 1_000, NOW + 877_000)))
                .isEqualTo(withoutTimes(text(clicks, 42, 1_000, NOW)));
    }

    @Test
    void invalidEventsAreAsManyAsDeclaredAndOfEveryKind() {
        var decoder = new EventDecoder(clicks);
        Map<String, Integer> reasons = new TreeMap<>();
        int count = 100_000;
        var maker = new EventMaker(clicks, 60, 1);
        for (int i = 0; i < count; i++) {
            if (decoder.decode(maker.next(NOW).value(), NOW) instanceof Rejected rejected) {
                String reason = rejected.reason().replaceAll("Not JSON.*", "Not JSON");
                reasons.merge(reason, 1, Integer::sum);
            }
        }
        int invalid = reasons.values().stream().mapToInt(Integer::intValue).sum();
        assertThat((double) invalid / count).isCloseTo(0.01, within(0.002));
        for (FieldPlan field : clicks.schema().fields()) {
            assertThat(reasons).containsKey("Missing fields: ['" + field.name() + "']");
            assertThat(reasons.keySet())
                    .anyMatch(reason -> reason.startsWith("Wrong type: '" + field.name() + "'"));
        }
        assertThat(reasons.keySet())
                .contains("Not JSON")
                .anyMatch(reason -> reason.startsWith("Not allowed: 'event_type'"))
                .anyMatch(reason -> reason.startsWith("Missing fields: ['timestamp', 'user_id', "));
    }

    @Test
    void everyFaultOfEverySchemaMakesAnInvalidEvent() {
        StreamPlan stream = allTypes("invalid: 100%");
        var decoder = new EventDecoder(stream);
        var maker = new EventMaker(stream, 60, 5);
        for (int i = 0; i < 5_000; i++) {
            byte[] value = maker.next(NOW).value();
            assertThat(decoder.decode(value, NOW))
                    .as(new String(value, StandardCharsets.UTF_8))
                    .isInstanceOf(Rejected.class);
        }
    }

    @Test
    void everyTypeGetsValidValues() {
        StreamPlan stream = allTypes("invalid: 0%");
        var decoder = new EventDecoder(stream);
        var maker = new EventMaker(stream, 60, 5);
        Map<String, Set<Object>> seen = new HashMap<>();
        int withoutNote = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] value = maker.next(NOW).value();
            assertThat(decoder.decode(value, NOW))
                    .as(new String(value, StandardCharsets.UTF_8))
                    .isInstanceOfSatisfying(
                            Event.class,
                            event ->
                                    stream.schema()
                                            .fields()
                                            .forEach(
                                                    field ->
                                                            seen.computeIfAbsent(
                                                                            field.name(),
                                                                            any -> new HashSet<>())
                                                                    .add(
                                                                            String.valueOf(
                                                                                    event.value(
                                                                                            field)))));
            withoutNote += new String(value, StandardCharsets.UTF_8).contains("note") ? 0 : 1;
        }
        assertThat(withoutNote).isBetween(400, 600);
        assertThat(seen.get("flag")).containsExactlyInAnyOrder("true", "false");
        assertThat(seen.get("at")).containsExactly(Long.toString(NOW));
        assertThat(seen.get("status")).containsExactlyInAnyOrder("200", "404");
        assertThat(seen.get("address.city")).contains("city-1", "city-20").hasSize(20);
        assertThat(seen.get("temperature"))
                .allSatisfy(t -> assertThat(Double.parseDouble((String) t)).isBetween(-5.0, 12.5));
        assertThat(seen.get("items"))
                .allSatisfy(
                        items ->
                                assertThat((String) items)
                                        .startsWith("[{product=product-")
                                        .contains("quantity="));
    }

    private static StreamPlan allTypes(String invalid) {
        return TestPlans.withStreams(
                        """
                        - name: events
                          fields:
                            id: {type: string}
                            at: {type: timestamp}
                            flag: {type: boolean}
                            status: {type: integer}
                            address.city: {type: string}
                            address.zip: {type: integer, optional: true}
                            temperature: {type: number}
                            note: {type: string, optional: true}
                            extra: {type: object}
                            kind: {type: string, enum: [a, "b\\"c"]}
                            items: {type: array, items: {product: {type: string}, quantity: {type: integer}}}
                          time: at
                          generator:
                            %s
                            values:
                              status: {weights: {"200": 9, "404": 1}}
                              temperature: {range: -5..12.5}
                        """
                                .formatted(invalid))
                .streams()
                .getFirst();
    }

    @Test
    void keysAreWhatTheDecoderReads() {
        var decoder = new EventDecoder(clicks);
        var maker = new EventMaker(clicks, 60, 3);
        int without = 0;
        for (int i = 0; i < 20_000; i++) {
            EventMaker.Made event = maker.next(NOW);
            String key = decoder.peek(event.value(), clicks.key());
            if (key == null) {
                without++;
                assertThat(event.key()).isNull();
            } else {
                assertThat(new String(event.key(), StandardCharsets.UTF_8)).isEqualTo(key);
            }
        }
        assertThat(without).isBetween(1, 200);
    }

    @Test
    void numericKeysAreWhatTheDecoderReads() {
        StreamPlan stream =
                TestPlans.withStreams(
                                """
                                - name: events
                                  fields: {"n": {type: number}, at: {type: timestamp}}
                                  key: "n"
                                  generator: {}
                                """)
                        .streams()
                        .getFirst();
        EventMaker.Made event = new EventMaker(stream, 1, 1).next(NOW);
        assertThat(event.key())
                .asString()
                .isEqualTo(new EventDecoder(stream).peek(event.value(), stream.key()));
    }

    @Test
    void choicesFollowZipf() {
        Map<String, Integer> views = counts(events(clicks, 200_000), "page_url");
        assertThat(views).hasSize(47);
        // Skew 0.9 over 47 values: the k-th has k^-0.9 of the first one's share.
        double first = views.get("/");
        assertThat(views.get("/products") / first).isCloseTo(Math.pow(2, -0.9), within(0.03));
        assertThat(views.get("/products/1") / first).isCloseTo(Math.pow(6, -0.9), within(0.03));
        assertThat(views.get("/help") / first).isCloseTo(Math.pow(47, -0.9), within(0.01));
    }

    @Test
    void weightsAreKept() {
        Map<String, Integer> types = counts(events(clicks, 200_000), "event_type");
        assertThat(types.get("page_view") / 198_000.0).isCloseTo(0.78, within(0.01));
        assertThat(types.get("click") / 198_000.0).isCloseTo(0.19, within(0.01));
        assertThat(types.get("purchase") / 198_000.0).isCloseTo(0.03, within(0.005));
    }

    @Test
    void actorsHavePopularityAndAllComeInTime() {
        List<Integer> byActor =
                counts(events(clicks, 300_000), "user_id").values().stream()
                        .sorted(Comparator.reverseOrder())
                        .toList();
        assertThat(byActor).hasSize(500);
        int top = byActor.subList(0, 50).stream().mapToInt(Integer::intValue).sum();
        int bottom = byActor.subList(450, 500).stream().mapToInt(Integer::intValue).sum();
        assertThat((double) top / bottom).isGreaterThan(4);
    }

    @Test
    void sessionsBelongToOneActorAndHaveTheirLength() {
        Map<String, Integer> lengths = new LinkedHashMap<>();
        Map<String, String> actors = new HashMap<>();
        FieldPlan session = clicks.schema().field("session_id").orElseThrow();
        FieldPlan user = clicks.schema().field("user_id").orElseThrow();
        for (Event event : events(clicks, 300_000)) {
            lengths.merge(event.text(session), 1, Integer::sum);
            assertThat(actors.putIfAbsent(event.text(session), event.text(user)))
                    .isIn(null, event.text(user));
        }
        // Those that are open at the end are cut off; they are few.
        List<Integer> all = List.copyOf(lengths.values());
        double mean = all.stream().mapToInt(Integer::intValue).average().orElse(0);
        assertThat(mean).isCloseTo(11.8, within(0.6));
        long single = all.stream().filter(length -> length == 1).count();
        assertThat((double) single / all.size()).isCloseTo(1.0 / 12, within(0.02));
        assertThat(all).anyMatch(length -> length > 40);
    }

    @Test
    void sessionsInterleave() {
        FieldPlan session = clicks.schema().field("session_id").orElseThrow();
        List<Event> events = events(clicks, 2_000);
        Set<String> open = new HashSet<>();
        events.subList(0, 1_000).forEach(event -> open.add(event.text(session)));
        assertThat(open).hasSizeGreaterThan(150);
    }

    @Test
    void actorsKeepTheirOwnValues() {
        StreamPlan stream =
                TestPlans.withStreams(
                                """
                                - name: events
                                  fields: {who: {type: string}, country: {type: string}, age: {type: integer}}
                                  key: who
                                  generator:
                                    actor: {field: who, count: 50}
                                    values:
                                      country: {choices: [DE, FR, IT, ES], perActor: true}
                                      age: {range: 18..90, perActor: true}
                                """)
                        .streams()
                        .getFirst();
        Map<String, Set<String>> values = new HashMap<>();
        FieldPlan country = stream.schema().field("country").orElseThrow();
        FieldPlan age = stream.schema().field("age").orElseThrow();
        for (Event event : events(stream, 20_000)) {
            values.computeIfAbsent(event.text(stream.key()), any -> new HashSet<>())
                    .add(event.text(country) + event.text(age));
        }
        assertThat(values).hasSize(50).containsKey("who-1").containsKey("who-50");
        assertThat(values.values()).allSatisfy(of -> assertThat(of).hasSize(1));
        assertThat(new HashSet<>(values.values())).hasSizeGreaterThan(20);
    }

    @Test
    void elementsOfArraysGetTheirDeclaredValues() {
        StreamPlan stream =
                TestPlans.withStreams(
                                """
                                - name: events
                                  fields: {lines: {type: array, items: {product: {type: integer}, size: {type: string}}}}
                                  generator:
                                    values:
                                      lines.product: {choices: ["{7..9}"]}
                                      lines.size: {weights: {small: 1, large: 3}}
                                """)
                        .streams()
                        .getFirst();
        FieldPlan lines = stream.schema().field("lines").orElseThrow();
        Set<Object> products = new HashSet<>();
        Set<Object> sizes = new HashSet<>();
        for (Event event : events(stream, 2_000)) {
            for (Object line : (List<?>) event.value(lines)) {
                products.add(((Map<?, ?>) line).get("product"));
                sizes.add(((Map<?, ?>) line).get("size"));
            }
        }
        assertThat(products).containsExactlyInAnyOrder(7L, 8L, 9L);
        assertThat(sizes).containsExactlyInAnyOrder("small", "large");
    }

    @Test
    void hugeRatesStayBounded() {
        StreamPlan stream =
                TestPlans.withStreams(
                                """
                                - name: events
                                  fields: {who: {type: string}}
                                  key: who
                                  generator: {actor: {field: who, count: 10000000, format: "{n}"}, session: {field: who, pause: 1d}}
                                """)
                        .streams()
                        .getFirst();
        var maker = new EventMaker(stream, 1e7, 1);
        for (int i = 0; i < 200_000; i++) {
            assertThat(maker.next(NOW).value()).isNotEmpty();
        }
    }

    private static List<Event> events(StreamPlan stream, int count) {
        var decoder = new EventDecoder(stream);
        var maker = new EventMaker(stream, 60, 1);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (decoder.decode(maker.next(NOW).value(), NOW) instanceof Event event) {
                events.add(event);
            }
        }
        return events;
    }

    private Map<String, Integer> counts(List<Event> events, String name) {
        FieldPlan field = clicks.schema().field(name).orElseThrow();
        return events.stream()
                .collect(Collectors.toMap(event -> event.text(field), any -> 1, Integer::sum));
    }

    private static List<String> text(StreamPlan stream, long seed, int count, long now) {
        var maker = new EventMaker(stream, 60, seed);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new String(maker.next(now).value(), StandardCharsets.UTF_8));
        }
        return all;
    }

    private static List<String> withoutTimes(List<String> events) {
        Function<String, String> cut = text -> text.replaceAll("20[0-9T:.-]*Z?", "");
        return events.stream().map(cut).toList();
    }
}
