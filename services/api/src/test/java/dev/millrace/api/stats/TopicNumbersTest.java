package dev.millrace.api.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.window.Group;
import dev.millrace.api.window.Percentiles;
import dev.millrace.api.window.Ranking;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.Window;
import dev.millrace.pipeline.state.GroupKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class TopicNumbersTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Plan PLAN = plan("");

    private final Published published = new Published(PLAN.stats());
    private TopicNumbers numbers = new TopicNumbers(PLAN);

    private static Plan plan(String more) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: shop}
                spec:
                  streams:
                    - name: orders
                      fields: {at: {type: timestamp}, page: {type: string, optional: true}, city: {type: string, optional: true}, price: {type: number}}
                      time: at
                  metrics:
                    - {name: orders, measure: count, windows: [5m, all]}
                    - {name: average, measure: average, of: price, window: 5m}
                    - {name: by_page, measure: count, by: page, window: 5m}
                    - {name: by_both, measure: sum, of: price, by: 'page, city', window: 5m}
                    - {name: prices, measure: percentiles, of: price, by: page, window: 5m}
                %s
                  stats: {groups: 20, every: 100ms}
                  dashboard: {through: stats}
                """
                        .formatted(more));
    }

    private static WindowView view(
            String name, String window, Number value, List<Group> groups, Percentiles detail) {
        MetricPlan metric = PLAN.metric(name).orElseThrow();
        Window over = metric.window(window).orElseThrow();
        return new WindowView(
                metric,
                over,
                over.isAll() ? null : NOW.minusSeconds(300).toEpochMilli(),
                over.isAll() ? null : NOW.toEpochMilli(),
                value,
                over.isAll() ? null : 1L,
                groups == null ? null : Ranking.of(groups, groups.size()),
                detail,
                List.of());
    }

    private static Snapshot snapshot(Condition condition, List<WindowView> views) {
        return new Snapshot(
                1,
                NOW,
                NOW,
                condition,
                new Totals(5, 2, 1),
                views,
                List.of(),
                List.of(),
                List.of());
    }

    private static Snapshot snapshot(WindowView... views) {
        return snapshot(Condition.LIVE, List.of(views));
    }

    private void read(List<Message> messages) {
        messages.forEach(message -> numbers.read(message.keyBytes(), message.valueBytes()));
    }

    private void end(Plan plan, Snapshot snapshot) {
        read(
                List.of(
                        Messages.message(
                                Messages.key(plan.name()),
                                Messages.content(plan, snapshot),
                                snapshot)));
    }

    private void transaction(Snapshot snapshot) {
        read(published.changes(snapshot));
        end(PLAN, snapshot);
    }

    private ViewNumbers orders() {
        return numbers.newest().views().get(Messages.view("orders", "5m"));
    }

    @Test
    void whatIsReadCountsFromTheEndOfItsTransactionOn() {
        assertThat(numbers.newest()).isNull();
        transaction(snapshot(view("orders", "5m", 4L, null, null)));
        Moment first = numbers.newest();
        assertThat(first.totals()).isEqualTo(new Totals(5, 2, 1));
        assertThat(first.at()).isEqualTo(NOW);
        assertThat(first.obstacle()).isNull();
        assertThat(orders().value()).isEqualTo(4L);

        Snapshot next = snapshot(view("orders", "5m", 7L, null, null));
        read(published.changes(next));
        assertThat(orders().value()).isEqualTo(4L);
        end(PLAN, next);
        assertThat(orders().value()).isEqualTo(7L);
        assertThat(first.views().get(Messages.view("orders", "5m")).value())
                .as("a moment stays what it is")
                .isEqualTo(4L);
    }

    @Test
    void groupsAndMetricsGo() {
        transaction(
                snapshot(
                        view("orders", "5m", 4L, null, null),
                        view(
                                "by_page",
                                "5m",
                                5L,
                                List.of(new Group("/", 3L, 1L), new Group("/a", 2L, null)),
                                null)));
        transaction(snapshot(view("by_page", "5m", 3L, List.of(new Group("/", 3L, 1L)), null)));

        assertThat(numbers.newest().views()).containsOnlyKeys(Messages.view("by_page", "5m"));
        Ranking left = numbers.newest().views().get(Messages.view("by_page", "5m")).ranking();
        assertThat(left.top()).containsExactly(new Group("/", 3L, 1L));
        assertThat(left.size()).isEqualTo(1);
    }

    @Test
    void whatIsNoneOfOursIsLeftAlone() {
        transaction(snapshot(view("orders", "5m", 4L, null, null)));
        Map<String, String> foreign = new LinkedHashMap<>();
        foreign.put("what is this", "{}");
        foreign.put("{\"metric\":\"gone\",\"window\":\"5m\"}", "{\"value\":1}");
        foreign.put("{\"metric\":\"orders\",\"window\":\"1h\"}", "{\"value\":1}");
        foreign.put("{\"metric\":\"orders\",\"window\":\"5m\"}", "no number");
        foreign.put("{\"metric\":\"by_page\",\"window\":\"5m\"}", "[1]");
        foreign.put("{\"pipeline\":\"another\"}", "{\"at\":\"2026-11-21T10:00:00Z\"}");
        foreign.put("{\"pipeline\":\"shop\"}", "{\"at\":\"tomorrow\"}");
        foreign.forEach(
                (key, value) ->
                        numbers.read(
                                key.getBytes(StandardCharsets.UTF_8),
                                value.getBytes(StandardCharsets.UTF_8)));
        numbers.read(null, new byte[] {1});
        numbers.read(new byte[] {(byte) 0xff, 0}, null);
        end(PLAN, snapshot());

        // what cannot be read of a number is as good as none: it was taken away
        assertThat(numbers.newest().views().keySet()).noneMatch(name -> name.contains("gone"));
        assertThat(numbers.newest().totals().valid()).isEqualTo(5);
    }

    @Test
    void numbersOfAnotherManifestOrOfThePastAreToldFromOurs() {
        Snapshot none = snapshot();
        end(plan("    - {name: more, measure: count, window: 5m}"), none);
        assertThat(numbers.newest().obstacle()).contains("another manifest");
        end(PLAN, snapshot(new Condition(State.degraded, "Redis does not answer", NOW), List.of()));
        assertThat(numbers.newest().obstacle()).contains("Redis does not answer");
        end(PLAN, snapshot(new Condition(State.waiting, "Nothing yet"), List.of()));
        assertThat(numbers.newest().obstacle()).contains("Nothing yet");
        end(PLAN, snapshot(new Condition(State.degraded, "a key is unreadable"), List.of()));
        assertThat(numbers.newest().obstacle()).as("but for one key they are of now").isNull();
        end(PLAN, none);
        assertThat(numbers.newest().obstacle()).isNull();
    }

    /** Whatever is counted: through the topic, compacted or not, comes what was sent. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatComesOutIsWhatWentIn(long seed) {
        Random random = new Random(seed);
        Map<String, Message> compacted = new LinkedHashMap<>();
        for (int step = 0; step < 200; step++) {
            Snapshot snapshot = snapshot(random);
            List<Message> sent = new ArrayList<>(published.changes(snapshot));
            sent.add(
                    Messages.message(
                            Messages.key(PLAN.name()), Messages.content(PLAN, snapshot), snapshot));
            for (Message message : sent) {
                compacted.remove(message.key());
                compacted.put(message.key(), message);
            }
            if (random.nextInt(20) == 0) {
                numbers = new TopicNumbers(PLAN);
                read(List.copyOf(compacted.values()));
            } else {
                read(sent);
            }
            assertSame(new Blend().of(numbers.newest(), snapshot), snapshot);
        }
    }

    private static void assertSame(Snapshot through, Snapshot direct) {
        assertThat(through.totals()).isEqualTo(direct.totals());
        assertThat(through.condition().through().isTopic()).isTrue();
        for (int i = 0; i < direct.views().size(); i++) {
            WindowView a = through.views().get(i);
            WindowView b = direct.views().get(i);
            assertThat(a.value()).as(Messages.view(b)).isEqualTo(b.value());
            assertThat(a.previous()).isEqualTo(b.previous());
            assertThat(a.detail()).isEqualTo(b.detail());
            assertThat(a.to()).isEqualTo(b.to());
            assertThat(a.ranking() == null).isEqualTo(b.ranking() == null);
            if (b.ranking() != null) {
                assertThat(a.ranking().top()).isEqualTo(b.ranking().top());
                assertThat(a.ranking().size()).isEqualTo(b.ranking().size());
            }
        }
    }

    private static Snapshot snapshot(Random random) {
        List<String> names =
                new ArrayList<>(
                        List.of("/", "/a", "\u0018", GroupKey.OTHER, "\u001b\u0018", "ü \"x\""));
        List<String> pairs =
                new ArrayList<>(List.of("/\u001fRome", "\u0018\u001fRome", "/a\u001f\u0018"));
        for (int i = 0; i < 14; i++) {
            names.add("/" + i);
            pairs.add("/\u001f" + i);
        }
        return snapshot(
                view("orders", "5m", number(random), null, null),
                view("orders", "all", (long) random.nextInt(5), null, null),
                view("average", "5m", random.nextInt(3) == 0 ? null : number(random), null, null),
                view("by_page", "5m", 7L, groups(random, names, false), null),
                view("by_both", "5m", number(random), groups(random, pairs, false), null),
                view(
                        "prices",
                        "5m",
                        number(random),
                        groups(random, names, true),
                        percentiles(random)));
    }

    private static List<Group> groups(Random random, List<String> names, boolean detailed) {
        List<Group> groups = new ArrayList<>();
        for (String name : names) {
            if (random.nextBoolean()) {
                groups.add(
                        new Group(
                                name,
                                number(random),
                                random.nextBoolean() ? number(random) : null,
                                detailed ? percentiles(random) : null));
            }
        }
        return groups;
    }

    private static Percentiles percentiles(Random random) {
        Number any = number(random);
        return random.nextInt(4) == 0
                ? new Percentiles(0, null, null, null, null, null, null, null, null)
                : new Percentiles(
                        random.nextLong(1L << 40),
                        any,
                        any,
                        number(random),
                        any,
                        any,
                        any,
                        any,
                        any);
    }

    private static Number number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> (long) random.nextInt(10);
            case 1 -> random.nextLong();
            case 2 -> new BigDecimal("0.1").add(BigDecimal.valueOf(random.nextInt(9)));
            default -> new BigDecimal("-0.0000125");
        };
    }
}
