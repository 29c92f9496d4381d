package dev.millrace.api.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.window.Group;
import dev.millrace.api.window.GroupNumbers;
import dev.millrace.api.window.Ranking;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
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

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

class PublishedTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final Plan PLAN = plan("", "{groups: 3}");

    private Instant now = START;

    private static Plan plan(String moreMetrics, String stats) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: shop}
                spec:
                  streams:
                    - name: orders
                      fields: {at: {type: timestamp}, page: {type: string, optional: true}, city: {type: string}, price: {type: number}}
                      time: at
                  metrics:
                    - {name: orders, measure: count, windows: [5m, all]}
                    - {name: revenue, measure: sum, of: price, unit: USD, window: 5m}
                    - {name: by_page, measure: count, by: page, window: 5m}
                    - {name: by_both, measure: count, by: 'page, city', window: 5m}
                %s
                  stats: %s
                """
                        .formatted(moreMetrics, stats));
    }

    /** Groups with their values, in the order of their keys. */
    private static Ranking ranking(Map<String, Long> groups) {
        String[] names = groups.keySet().toArray(String[]::new);
        Long[] values = groups.values().toArray(Long[]::new);
        return new Ranking(
                names,
                IntStream.range(0, names.length).toArray(),
                new GroupNumbers() {
                    @Override
                    public Number value(int group) {
                        return values[group];
                    }

                    @Override
                    public int compare(int a, int b) {
                        return Long.compare(values[a], values[b]);
                    }
                },
                null);
    }

    private WindowView view(
            Plan plan, String name, String windowText, Number value, Ranking groups) {
        MetricPlan metric = plan.metric(name).orElseThrow();
        Window window = metric.window(windowText).orElseThrow();
        boolean all = window.isAll();
        return new WindowView(
                metric,
                window,
                all ? null : now.minusSeconds(300).toEpochMilli(),
                all ? null : now.toEpochMilli(),
                value,
                null,
                groups,
                null,
                List.of());
    }

    private Snapshot snapshot(WindowView... views) {
        return new Snapshot(
                1,
                now,
                now,
                Condition.LIVE,
                Totals.NONE,
                List.of(views),
                List.of(),
                List.of(),
                List.of());
    }

    private static Map<String, String> byKey(List<Message> messages) {
        Map<String, String> byKey = new TreeMap<>();
        messages.forEach(message -> assertThat(byKey.put(message.key(), message.value())).isNull());
        return byKey;
    }

    /** What is sent of windows, by key. */
    private Map<String, String> changes(Published published, WindowView... views) {
        return byKey(published.changes(snapshot(views)));
    }

    private WindowView byPage(Map<String, Long> groups) {
        return view(PLAN, "by_page", "5m", 6L, ranking(groups));
    }

    private static String key(String metric, String window) {
        return "{\"metric\":\"%s\",\"window\":\"%s\"}".formatted(metric, window);
    }

    /** The key of a group over five minutes. */
    private static String group(String metric, String group) {
        return "{\"metric\":\"%s\",\"window\":\"5m\",\"group\":%s}".formatted(metric, group);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @Test
    void messagesNameWhatTheyAreOf() {
        Published published = new Published(PLAN.stats());

        Map<String, String> sent =
                changes(
                        published,
                        view(PLAN, "orders", "5m", 4L, null),
                        view(PLAN, "orders", "all", 9L, null),
                        view(PLAN, "revenue", "5m", new BigDecimal("12.5"), null),
                        byPage(Map.of("/", 3L, "\u0018", 2L, GroupKey.OTHER, 1L)),
                        view(PLAN, "by_both", "5m", 1L, ranking(Map.of("/\u001fRome", 1L))));

        assertThat(sent.keySet())
                .containsExactlyInAnyOrder(
                        key("orders", "5m"),
                        key("orders", "all"),
                        key("revenue", "5m"),
                        key("by_page", "5m"),
                        group("by_page", "\"/\""),
                        group("by_page", "null"),
                        "{\"metric\":\"by_page\",\"window\":\"5m\",\"other\":true}",
                        key("by_both", "5m"),
                        group("by_both", "[\"/\",\"Rome\"]"));
        assertThat(json(sent.get(key("revenue", "5m"))))
                .isEqualTo(
                        json(
                                """
                                {"metric":"revenue","window":"5m","value":12.5,"previous":null,"unit":"USD",
                                 "from":"2026-11-21T09:55:00Z","to":"2026-11-21T10:00:00Z","at":"2026-11-21T10:00:00Z"}"""));
        assertThat(json(sent.get(key("orders", "all"))))
                .isEqualTo(
                        json(
                                """
                                {"metric":"orders","window":"all","value":9,
                                 "from":null,"to":"2026-11-21T10:00:00Z","at":"2026-11-21T10:00:00Z"}"""));
        assertThat(json(sent.get(key("by_page", "5m"))).path("groups").asInt()).isEqualTo(3);
        sent.forEach(
                (key, value) ->
                        json(key)
                                .forEachEntry(
                                        (name, part) ->
                                                assertThat(json(value).get(name)).isEqualTo(part)));
        assertThat(published.size()).isEqualTo(sent.size());
    }

    @Test
    void onlyWhatChangesIsSent() {
        Published published = new Published(PLAN.stats());
        published.changes(
                snapshot(
                        view(PLAN, "orders", "5m", 4L, null),
                        byPage(Map.of("/", 3L, "/a", 2L, "/b", 1L))));
        now = now.plusSeconds(60);

        assertThat(
                        published.changes(
                                snapshot(
                                        view(PLAN, "orders", "5m", 4L, null),
                                        byPage(Map.of("/", 3L, "/a", 2L, "/b", 1L)))))
                .as("only the window has moved")
                .isEmpty();
        // one has changed, one has left the window, and one has left those that are sent
        assertThat(
                        changes(
                                published,
                                view(PLAN, "orders", "5m", 4L, null),
                                byPage(Map.of("/", 7L, "/c", 5L, "/d", 4L, "/b", 1L))))
                .hasSize(6)
                .containsKeys(
                        key("by_page", "5m"),
                        group("by_page", "\"/\""),
                        group("by_page", "\"/c\""),
                        group("by_page", "\"/d\""))
                .containsEntry(group("by_page", "\"/a\""), null)
                .containsEntry(group("by_page", "\"/b\""), null);
    }

    @Test
    void afterAChangedManifestItsTopicHoldsNothingElse() {
        Plan former =
                plan(
                        "    - {name: gone, measure: count, by: page, windows: [5m, 1h]}",
                        "{groups: 3}");
        List<Message> topic =
                new Published(former.stats())
                        .changes(
                                snapshot(
                                        view(former, "orders", "5m", 4L, null),
                                        view(former, "gone", "5m", 4L, ranking(Map.of("/", 4L))),
                                        view(former, "gone", "1h", 4L, ranking(Map.of("/", 4L)))));
        Plan fewer = plan("", "{metrics: [orders], groups: 3}");
        Published published = new Published(fewer.stats());
        topic.forEach(message -> published.read(message.keyBytes(), message.valueBytes()));
        published.read(
                "{\"pipeline\":\"shop\"}".getBytes(StandardCharsets.UTF_8), new byte[] {'{', '}'});
        published.read(null, new byte[] {1});
        published.read("what is this".getBytes(StandardCharsets.UTF_8), null);

        assertThat(
                        changes(
                                published,
                                view(fewer, "orders", "5m", 4L, null),
                                view(fewer, "revenue", "5m", 1L, null)))
                .hasSize(4)
                .allSatisfy((key, value) -> assertThat(value).as(key).isNull())
                .allSatisfy((key, _) -> assertThat(key).contains("gone"));
        assertThat(published.size()).isEqualTo(1);
    }

    @Test
    void groupsWithNamesThatAreTooLongAreLeftOut() {
        Published published = new Published(PLAN.stats());
        String longName = "x".repeat(100_000);

        assertThat(changes(published, byPage(Map.of(longName, 5L, "/", 1L))))
                .containsOnlyKeys(key("by_page", "5m"), group("by_page", "\"/\""));
    }

    /** Whatever changes, and whoever takes over: who applies the messages has the numbers. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whoFollowsHasTheNumbers(long seed) {
        Random random = new Random(seed);
        Map<String, String> topic = new HashMap<>();
        Published published = new Published(PLAN.stats());
        Map<String, Long> pages = new LinkedHashMap<>();
        int sent = 0;
        for (int step = 0; step < 300; step++) {
            now = now.plusSeconds(1);
            for (int i = random.nextInt(3); i > 0; i--) {
                String page = random.nextInt(20) == 0 ? GroupKey.OTHER : "/" + random.nextInt(12);
                if (random.nextInt(3) == 0) {
                    pages.remove(page);
                } else {
                    pages.merge(page, 1L + random.nextInt(5), Long::sum);
                }
            }
            double ratio = pages.size() / 7.0;
            Snapshot snapshot =
                    snapshot(
                            view(PLAN, "orders", "5m", pages.isEmpty() ? null : ratio, null),
                            view(PLAN, "by_page", "5m", (long) pages.size(), ranking(pages)));
            if (random.nextInt(10) == 0) {
                Published next = new Published(PLAN.stats());
                topic.forEach(
                        (key, value) ->
                                next.read(
                                        key.getBytes(StandardCharsets.UTF_8),
                                        value.getBytes(StandardCharsets.UTF_8)));
                published = next;
            }
            List<Message> changes = published.changes(snapshot);
            sent += changes.size();
            for (Message change : changes) {
                if (change.value() == null) {
                    assertThat(topic.remove(change.key())).isNotNull();
                } else {
                    String before = topic.put(change.key(), change.value());
                    assertThat(before == null ? null : value(before))
                            .as(change.key())
                            .isNotEqualTo(value(change.value()));
                }
            }
            assertThat(values(topic)).isEqualTo(expected(snapshot));
            assertThat(published.size()).isEqualTo(topic.size());
        }
        assertThat(sent).isGreaterThan(100);
    }

    /** Without its times. */
    private static String value(String message) {
        return Messages.content(message.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> values(Map<String, String> topic) {
        Map<String, String> values = new TreeMap<>();
        topic.forEach((key, message) -> values.put(key, json(message).path("value").toString()));
        return values;
    }

    private static Map<String, String> expected(Snapshot snapshot) {
        Map<String, String> expected = new TreeMap<>();
        for (WindowView view : snapshot.views()) {
            expected.put(Messages.key(view, null), String.valueOf(view.value()));
            List<Group> all =
                    view.ranking() == null ? List.of() : new ArrayList<>(view.ranking().page(0, 3));
            all.forEach(
                    group ->
                            expected.put(Messages.key(view, group), String.valueOf(group.value())));
        }
        return expected;
    }
}
