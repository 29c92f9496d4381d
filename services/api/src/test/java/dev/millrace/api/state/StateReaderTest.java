package dev.millrace.api.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.api.window.Group;
import dev.millrace.api.window.Point;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class StateReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:42:31Z");

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
                          fields:
                            at: {type: timestamp}
                            user: {type: string}
                            page: {type: string, optional: true}
                            price: {type: number}
                            session: {type: string}
                          time: at
                      metrics:
                        - {name: hits, measure: count, windows: [3m, 2h, 1d, all]}
                        - {name: views, measure: count, by: page, windows: [3m, all]}
                        - {name: pairs, measure: count, by: 'page, user', window: 3m}
                        - {name: revenue, measure: sum, of: price, windows: [3m, all]}
                        - {name: revenue_by_page, measure: sum, of: price, by: page, window: 3m}
                        - {name: users, measure: unique, of: user, window: 3m}
                        - {name: sessions, measure: unique, of: session, by: user, window: 3m}
                        - {name: per_user, formula: 'hits / users'}
                        - {name: per_hit, formula: 'revenue / hits'}
                    """);

    private final LettuceConnectionFactory factory =
            new LettuceConnectionFactory(
                    new RedisStandaloneConfiguration(
                            TestServers.redis().host(), TestServers.redis().port()));
    private final StateWriter writer = new StateWriter(PLAN, TestServers.redis().url());
    private final StateReader reader = new StateReader(PLAN);
    private StateConnection connection;

    @BeforeEach
    void begin() {
        factory.afterPropertiesSet();
        factory.start();
        connection = StateConnection.open(factory, Duration.ofSeconds(5));
        writer.begin("era-1");
    }

    @AfterEach
    void end() {
        connection.close();
        factory.destroy();
        writer.close();
    }

    private Snapshot read(Instant time) throws InterruptedException {
        return reader.read(connection, time);
    }

    private static WindowView view(Snapshot snapshot, String metric, String window) {
        return snapshot.view(metric, PLAN.metric(metric).orElseThrow().window(window).orElseThrow())
                .orElseThrow();
    }

    private static Instant minutesAgo(int minutes) {
        return NOW.minus(Duration.ofMinutes(minutes));
    }

    @Test
    void aWindowIsTheBucketsUpToThatOfNow() throws Exception {
        writer.add("hits", NOW, 1)
                .add("hits", minutesAgo(2), 20)
                .add("hits", minutesAgo(3), 300)
                .add("hits", minutesAgo(5), 4_000)
                .add("hits", minutesAgo(6), 50_000)
                .flush();

        WindowView hits = view(read(NOW), "hits", "3m");

        assertThat(hits.value()).isEqualTo(21L);
        assertThat(hits.previous()).isEqualTo(4_300L);
        assertThat(Instant.ofEpochMilli(hits.from())).isEqualTo("2026-11-21T10:40:00Z");
        assertThat(Instant.ofEpochMilli(hits.to())).isEqualTo("2026-11-21T10:43:00Z");
        assertThat(hits.series())
                .containsExactly(
                        new Point(Instant.parse("2026-11-21T10:40:00Z").getEpochSecond(), 20L),
                        new Point(Instant.parse("2026-11-21T10:41:00Z").getEpochSecond(), 0L),
                        new Point(Instant.parse("2026-11-21T10:42:00Z").getEpochSecond(), 1L));
        WindowView all = view(read(NOW), "hits", "all");
        assertThat(all.value()).isEqualTo(54_321L);
        assertThat(all.previous()).isNull();
        assertThat(all.from()).isNull();
        assertThat(all.series()).isEmpty();
        assertThat(view(read(NOW), "hits", "1d").series()).hasSize(24);
    }

    @Test
    void windowsMoveWithTheClockAndForgetWhatTheyLeave() throws Exception {
        writer.add("hits", NOW, 1).add("hits", minutesAgo(2), 20).flush();
        assertThat(view(read(NOW), "hits", "3m").value()).isEqualTo(21L);
        int buckets = reader.buckets();

        Snapshot later = read(NOW.plusSeconds(60));
        assertThat(view(later, "hits", "3m").value()).isEqualTo(1L);
        assertThat(view(later, "hits", "3m").previous()).isEqualTo(20L);
        assertThat(reader.buckets()).isEqualTo(buckets);

        Snapshot muchLater = read(NOW.plus(Duration.ofDays(400)));
        assertThat(view(muchLater, "hits", "3m").value()).isEqualTo(0L);
        assertThat(view(muchLater, "hits", "all").value()).isEqualTo(21L);
        assertThat(reader.buckets()).isEqualTo(buckets);
    }

    @Test
    void aBucketThatWasWrittenBeforeItsMinuteIsReadWhenItComes() throws Exception {
        read(NOW);
        writer.add("hits", NOW.plusSeconds(60), 7).flush();
        assertThat(view(read(NOW), "hits", "3m").value()).isEqualTo(0L);
        assertThat(view(read(NOW.plusSeconds(60)), "hits", "3m").value()).isEqualTo(7L);
    }

    @Test
    void onlyWhatChangedIsReadAgain() throws Exception {
        writer.add("hits", NOW, 1).add("views", NOW, "/a", 1).flush();
        Snapshot first = read(NOW);
        assertThat(read(NOW).version()).isEqualTo(first.version());

        writer.redis().set("hits:202611211042", "1000");
        assertThat(view(read(NOW), "hits", "3m").value())
                .as("a change that no flush told of")
                .isEqualTo(1L);

        writer.add("hits", minutesAgo(1), 5).flush();
        Snapshot second = read(NOW);
        assertThat(view(second, "hits", "3m").value()).isEqualTo(6L);
        assertThat(view(second, "views", "3m")).isSameAs(view(first, "views", "3m"));
        assertThat(second.version()).isGreaterThan(first.version());
    }

    @Test
    void groupsAreRankedByValueThenKey() throws Exception {
        Stream.of("b", "a", "é", "\"quoted\"", "__proto__", "日本", " ")
                .forEach(page -> writer.add("views", NOW, page, 5));
        writer.add("views", minutesAgo(1), "b", 1)
                .add("views", minutesAgo(4), "b", 9)
                .add("views", NOW, "last", 1);
        writer.flush();

        WindowView views = view(read(NOW), "views", "3m");

        assertThat(views.value()).isEqualTo(37L);
        assertThat(views.ranking().size()).isEqualTo(8);
        assertThat(views.ranking().top())
                .extracting(Group::key)
                .containsExactly("b", " ", "\"quoted\"", "__proto__", "a", "é", "日本", "last");
        assertThat(views.ranking().top().getFirst()).isEqualTo(new Group("b", 6L, 9L));
        assertThat(views.ranking().top().get(1)).isEqualTo(new Group(" ", 5L, 0L));
        assertThat(view(read(NOW), "views", "all").ranking().top().getFirst())
                .isEqualTo(new Group("b", 15L, null));
    }

    @Test
    void pagesGoOnWhereTheTopEnds() throws Exception {
        for (int i = 0; i < 40; i++) {
            writer.add("views", NOW, "page-%02d".formatted(i), i / 4 + 1);
        }
        writer.flush();

        var ranking = view(read(NOW), "views", "3m").ranking();

        List<Group> all = ranking.page(0, 1_000);
        assertThat(all).hasSize(40);
        assertThat(all.subList(0, 10)).isEqualTo(ranking.top());
        assertThat(all)
                .isSortedAccordingTo(
                        (a, b) ->
                                a.value().equals(b.value())
                                        ? a.key().compareTo(b.key())
                                        : Long.compare(
                                                b.value().longValue(), a.value().longValue()));
        assertThat(ranking.page(8, 5)).isEqualTo(all.subList(8, 13));
        assertThat(ranking.page(39, 5)).isEqualTo(all.subList(39, 40));
        assertThat(ranking.page(40, 5)).isEmpty();
        assertThat(ranking.page(Long.MAX_VALUE, 1_000)).isEmpty();
    }

    @Test
    void sumsKeepSixDecimalPlacesExactly() throws Exception {
        writer.add("revenue", NOW, 100_000)
                .add("revenue", NOW, 200_000)
                .add("revenue", minutesAgo(1), 10_000_000)
                .add("revenue_by_page", NOW, "/a", 1)
                .add("revenue_by_page", NOW, "/b", -5_500_000)
                .add("revenue_by_page", NOW, "/c", 0)
                .flush();

        Snapshot snapshot = read(NOW);

        assertThat(view(snapshot, "revenue", "3m").value()).isEqualTo(new BigDecimal("10.3"));
        assertThat(view(snapshot, "revenue", "3m").series())
                .extracting(Point::value)
                .containsExactly(new BigDecimal("0"), new BigDecimal("10"), new BigDecimal("0.3"));
        assertThat(view(snapshot, "revenue_by_page", "3m").ranking().top())
                .extracting(Group::key, Group::value)
                .containsExactly(
                        tuple("/a", new BigDecimal("0.000001")),
                        tuple("/c", new BigDecimal("0")),
                        tuple("/b", new BigDecimal("-5.5")));
    }

    @Test
    void sumsBeyondSixtyFourBitsStopAtTheLargestNumber() throws Exception {
        long most = Long.MAX_VALUE - 1;
        writer.add("revenue", NOW, most);
        writer.redis().set("revenue:all", "0");
        writer.add("revenue", minutesAgo(1), most)
                .add("revenue_by_page", NOW, "/a", -most)
                .add("revenue_by_page", NOW, "/b", -most)
                .add("revenue_by_page", minutesAgo(1), "/b", -most)
                .flush();

        Snapshot snapshot = read(NOW);

        assertThat(view(snapshot, "revenue", "3m").value())
                .isEqualTo(BigDecimal.valueOf(Long.MAX_VALUE, 6));
        assertThat(view(snapshot, "revenue_by_page", "3m").value())
                .isEqualTo(BigDecimal.valueOf(Long.MIN_VALUE, 6));
        assertThat(view(snapshot, "revenue_by_page", "3m").ranking().top())
                .extracting(Group::key, Group::value)
                .containsExactly(
                        tuple("/a", BigDecimal.valueOf(-most, 6)),
                        tuple("/b", BigDecimal.valueOf(Long.MIN_VALUE, 6)));
    }

    @Test
    void uniqueCountsEachValueOnceInAWindow() throws Exception {
        writer.member("users", NOW, "ann")
                .member("users", NOW, "bob")
                .member("users", minutesAgo(2), "ann")
                .member("users", minutesAgo(3), "cyd")
                .member("users", minutesAgo(4), "cyd")
                .flush();

        WindowView users = view(read(NOW), "users", "3m");

        assertThat(users.value()).isEqualTo(2L);
        assertThat(users.previous()).isEqualTo(1L);
        assertThat(users.series()).extracting(Point::value).containsExactly(1L, 0L, 2L);

        writer.member("users", NOW, "dan").flush();
        assertThat(view(read(NOW), "users", "3m").value()).isEqualTo(3L);
    }

    @Test
    void groupedUniqueCountsWithinGroupsAndOverall() throws Exception {
        writer.member("sessions", NOW, "ann", "s1")
                .member("sessions", NOW, "ann", "s2")
                .member("sessions", minutesAgo(1), "ann", "s1")
                .member("sessions", minutesAgo(1), "bob", "s1")
                .member("sessions", minutesAgo(3), "bob", "s3")
                .flush();

        WindowView sessions = view(read(NOW), "sessions", "3m");

        assertThat(sessions.value()).isEqualTo(2L);
        assertThat(sessions.previous()).isEqualTo(1L);
        assertThat(sessions.series()).extracting(Point::value).containsExactly(0L, 1L, 2L);
        assertThat(sessions.ranking().top())
                .containsExactly(new Group("ann", 2L, 0L), new Group("bob", 1L, 1L));

        writer.member("sessions", NOW, "bob", "s4").member("sessions", NOW, "ann", "s2").flush();
        WindowView next = view(read(NOW), "sessions", "3m");
        assertThat(next.value()).isEqualTo(3L);
        assertThat(next.ranking().top())
                .containsExactly(new Group("ann", 2L, 0L), new Group("bob", 2L, 1L));
    }

    @Test
    void formulasAreOverTheSameWindow() throws Exception {
        writer.add("hits", NOW, 6)
                .add("hits", minutesAgo(3), 3)
                .member("users", NOW, "ann")
                .member("users", NOW, "bob")
                .add("revenue", NOW, 1_500_000)
                .flush();

        Snapshot snapshot = read(NOW);

        WindowView perUser = view(snapshot, "per_user", "3m");
        assertThat(perUser.value()).isEqualTo(new BigDecimal("3"));
        assertThat(perUser.previous()).as("divided by no user").isNull();
        assertThat(perUser.series())
                .extracting(Point::value)
                .containsExactly(0L, 0L, new BigDecimal("3"));
        assertThat(view(snapshot, "per_hit", "3m").value()).isEqualTo(new BigDecimal("0.25"));
        assertThat(view(snapshot, "per_hit", "all").value())
                .isEqualTo(new BigDecimal("0.16666666666666666"));
        assertThat(view(read(NOW), "per_hit", "3m")).isSameAs(view(snapshot, "per_hit", "3m"));
    }

    @Test
    void anotherEraOrALowerSequenceIsReadAnew() throws Exception {
        writer.add("hits", NOW, 5).flush();
        writer.add("hits", NOW, 5).flush();
        assertThat(view(read(NOW), "hits", "3m").value()).isEqualTo(10L);

        writer.begin("era-2").add("hits", NOW, 1).flush();
        writer.add("views", NOW, "/", 1).flush();
        writer.add("views", NOW, "/", 1).flush();
        assertThat(view(read(NOW), "hits", "3m").value()).isEqualTo(1L);

        writer.begin("era-2").add("hits", NOW, 2).flush();
        assertThat(view(read(NOW), "hits", "3m").value()).isEqualTo(2L);

        writer.redis().flushall();
        Snapshot wiped = read(NOW);
        assertThat(wiped.condition().state()).isEqualTo(State.waiting);
        assertThat(view(wiped, "hits", "3m").value()).isEqualTo(0L);
        assertThat(wiped.totals().events()).isZero();
    }

    @Test
    void numbersOfAnotherPlanAreNotShown() throws Exception {
        writer.add("hits", NOW, 5).total("valid", 5).flush();
        writer.redis().hset(writer.keys().meta(), "fingerprint", "other");

        Snapshot waiting = read(NOW);
        assertThat(waiting.condition().state()).isEqualTo(State.waiting);
        assertThat(waiting.condition().reason()).contains("recounted");
        assertThat(view(waiting, "hits", "3m").value()).isEqualTo(0L);
        assertThat(view(waiting, "hits", "3m").series()).hasSize(3);
        assertThat(waiting.totals().events()).isZero();
        assertThat(reader.isBehind()).isTrue();
        assertThat(read(NOW).version()).isEqualTo(waiting.version());

        writer.redis().hset(writer.keys().meta(), "fingerprint", PLAN.fingerprint());
        Snapshot live = read(NOW);
        assertThat(live.condition().state()).isEqualTo(State.live);
        assertThat(reader.isBehind()).isFalse();
        assertThat(view(live, "hits", "3m").value()).isEqualTo(5L);
        assertThat(live.totals().valid()).isEqualTo(5);
    }

    @Test
    void aForeignKeyIsToldOfAndSpoilsNothingElse() throws Exception {
        writer.redis().lpush("hits:202611211042", "mine");
        writer.add("views", NOW, "/", 3).flush();

        Snapshot snapshot = read(NOW);

        assertThat(snapshot.condition().state()).isEqualTo(State.degraded);
        assertThat(snapshot.condition().reason()).contains("hits:202611211042");
        assertThat(view(snapshot, "views", "3m").value()).isEqualTo(3L);

        writer.redis().del("hits:202611211042");
        writer.add("hits", NOW, 2).flush();
        Snapshot healed = read(NOW);
        assertThat(healed.condition().state()).isEqualTo(State.live);
        assertThat(view(healed, "hits", "3m").value()).isEqualTo(2L);
    }

    @Test
    void totalsPositionsAndDeadLettersAreRead() throws Exception {
        writer.total("valid", 10)
                .total("rejected:late", 2)
                .total("rejected:missing", 1)
                .position("events", 1, 7, NOW)
                .position("events", 0, 6, NOW)
                .deadLetter("not JSON")
                .deadLetter(
                        """
                        {"stream":"events","topic":"events","partition":1,"offset":5,"at":"2026-11-21T10:42:00Z",
                        "reason":"Missing fields: ['user']","cause":"missing","event":"{\\"a\\":\\"\\u2028\\"}"}
                        """)
                .flush();
        writer.redis().hset(writer.keys().losses(), "events:1", "4");

        Snapshot snapshot = read(NOW);

        assertThat(snapshot.totals())
                .isEqualTo(new Snapshot.Totals(10, 3, 2, Map.of("late", 2L, "missing", 1L)));
        assertThat(snapshot.positions())
                .extracting(Snapshot.Position::partition, Snapshot.Position::offset)
                .containsExactly(tuple(0, 6L), tuple(1, 7L));
        assertThat(snapshot.losses()).containsExactly(new Snapshot.Loss("events", 1, 4));
        assertThat(snapshot.deadLetters())
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.reason()).isEqualTo("Missing fields: ['user']");
                            assertThat(letter.cause()).isEqualTo("missing");
                            assertThat(letter.element()).isNull();
                            assertThat(letter.event()).isEqualTo("{\"a\":\"\u2028\"}");
                        });
    }

    @Test
    void namesOfThePastAreForgotten() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            writer.redis().zadd("views:202611211042", 1, "old-" + i);
            writer.redis().sadd("users:202611211042", "old-" + i);
        }
        writer.redis().sadd("users:202611211045", "old-2999", "new");
        writer.redis().zadd("views:202611211045", 2, "old-2999");
        Snapshot first = read(NOW);
        assertThat(view(first, "users", "3m").value()).isEqualTo(3_000L);

        Snapshot both = read(NOW.plusSeconds(3 * 60));
        assertThat(view(both, "users", "3m").previous()).isEqualTo(3_000L);

        Snapshot later = read(NOW.plusSeconds(5 * 60));
        assertThat(view(later, "users", "3m").value()).isEqualTo(2L);
        assertThat(view(later, "views", "3m").ranking().top())
                .containsExactly(new Group("old-2999", 2L, 1L));
        Snapshot last = read(NOW.plusSeconds(6 * 60));
        assertThat(view(last, "users", "3m").previous()).isEqualTo(2L);
        assertThat(view(last, "views", "3m").ranking().top()).isEmpty();
        assertThat(view(first, "views", "3m").ranking().page(2_999, 1))
                .as("an older snapshot stays as it was")
                .containsExactly(new Group("old-999", 1L, 0L));
    }

    @Test
    void anEventClockStandsAtTheHighestWatermark() throws Exception {
        Plan plan =
                ManifestReader.parse(
                        "test",
                        """
                        apiVersion: millrace.dev/v1alpha1
                        kind: AnalyticsPipeline
                        metadata: {name: log}
                        spec:
                          clock: event
                          streams: [{name: requests, fields: {at: {type: timestamp}}, time: at}]
                          metrics: [{name: hits, measure: count, windows: [3m, all]}]
                        """);
        Instant then = Instant.parse("1995-07-01T00:03:30Z");
        try (StateWriter log = new StateWriter(plan, TestServers.redis().url())) {
            log.begin("era");
            StateReader follower = new StateReader(plan);
            Snapshot before = follower.read(connection, NOW);
            assertThat(before.now()).isNull();
            assertThat(before.at()).isEqualTo(NOW);
            assertThat(before.views()).extracting(WindowView::value).containsOnly(0L);
            assertThat(before.views().getFirst().from()).isNull();

            log.add("hits", then, 2)
                    .add("hits", then.minusSeconds(180), 7)
                    .position("requests", 0, 5, then.minusSeconds(600))
                    .position("requests", 1, 4, then)
                    .flush();
            Snapshot after = follower.read(connection, NOW);
            assertThat(after.now()).isEqualTo(then);
            assertThat(after.views().getFirst().value()).isEqualTo(2L);
            assertThat(after.views().getFirst().previous()).isEqualTo(7L);
            assertThat(Instant.ofEpochMilli(after.views().getFirst().to()))
                    .isEqualTo("1995-07-01T00:04:00Z");
            assertThat(follower.read(connection, NOW.plusSeconds(60)).version())
                    .as("the time of day does not matter")
                    .isEqualTo(after.version());
        }
    }
}
