package dev.millrace.api.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.window.Point;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.api.window.Snapshots;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a page is made of, second by second. Numbers are 5 where the topic says them, else 3. */
class PageFeedTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:30Z");
    private static final long BEGIN = 1L << 40;
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: shop}
                    spec:
                      streams: [{name: orders, fields: {at: {type: timestamp}}, time: at}]
                      metrics:
                        - {name: orders, measure: count, window: 5m}
                        - {name: more, measure: count, window: 5m}
                      stats: {metrics: [orders], every: 1s}
                      dashboard: {through: stats}
                    """);
    private static final Snapshot FIRST = snapshot(0, Condition.LIVE, 0, Instant.EPOCH);

    private final PageFeed feed =
            new PageFeed(
                    PLAN,
                    new Snapshots(FIRST),
                    new StatsSettings(
                            true,
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(5)),
                    new StatsLog("shop-stats", new SimpleMeterRegistry()));
    private long version;
    private double second;

    private static Snapshot snapshot(long version, Condition condition, long events, Instant now) {
        long to = now.getEpochSecond() / 60 * 60 + 60;
        return new Snapshot(
                version,
                now,
                now,
                condition,
                new Totals(events, 0, 0),
                PLAN.metrics().stream().map(metric -> view(metric, to, events)).toList(),
                List.of(),
                List.of(),
                List.of());
    }

    private static WindowView view(MetricPlan metric, long to, long events) {
        return new WindowView(
                metric,
                metric.windows().getFirst(),
                (to - 300) * 1_000,
                to * 1_000,
                3L,
                null,
                null,
                null,
                List.of(new Point(to - 60, events)));
    }

    private long nanos() {
        return BEGIN + (long) (second * 1e9);
    }

    private Instant now() {
        return START.plusMillis((long) (second * 1_000));
    }

    private void local(Condition condition, long events) {
        feed.local(snapshot(++version, condition, events, now()), nanos());
    }

    private void local(long events) {
        local(Condition.LIVE, events);
    }

    private void topic(long events) {
        topic(events, now());
    }

    private void topic(long events, Instant now) {
        feed.topic(
                new Moment(
                        now,
                        now,
                        new Totals(events, 0, 0),
                        null,
                        Map.of("orders 5m", new ViewNumbers(5L, 4L, null, null))),
                nanos());
    }

    private Snapshot page() {
        return feed.pages().newest();
    }

    private Number orders() {
        return page().views().getFirst().value();
    }

    /** How many events the series has. */
    private Number series() {
        return page().views().getFirst().series().getFirst().value();
    }

    private boolean isThrough() {
        return page().condition().through().isTopic();
    }

    @Test
    void itBeginsWithSnapshotsAndSaysWhy() {
        local(10);
        assertThat(isThrough()).isFalse();
        assertThat(page().condition().through().past()).isEqualTo("it is being read");
        assertThat(orders()).isEqualTo(3L);
        feed.failed("it cannot be read: no right");
        local(11);
        assertThat(page().condition().through().past()).contains("no right");

        topic(11);
        assertThat(isThrough()).isTrue();
        assertThat(orders()).isEqualTo(5L);
        assertThat(page().views().getFirst().previous()).isEqualTo(4L);
        assertThat(page().views().getLast().value()).as("what is not published").isEqualTo(3L);
    }

    @Test
    void theRestOfAMessageIsOfTheSameEvents() {
        local(10);
        topic(10);
        second = 0.1;
        local(12);
        assertThat(page().totals().valid()).as("it waits for the topic").isEqualTo(10);
        second = 0.2;
        local(15);
        second = 0.3;
        topic(12);
        assertThat(page().totals().valid()).isEqualTo(12);
        assertThat(series()).isEqualTo(12L);
        second = 0.4;
        topic(17);
        assertThat(page().totals().valid()).isEqualTo(17);
        assertThat(series()).as("this replica has not read so far").isEqualTo(15L);
        long before = page().version();
        local(17);
        assertThat(series()).isEqualTo(17L);
        assertThat(page().version()).isGreaterThan(before);
    }

    @Test
    void aWindowMovesWhenTheTopicsDoes() {
        local(10);
        topic(10);
        Long before = page().views().getFirst().to();
        second = 29;
        topic(10);
        second = 30.2;
        local(10);
        assertThat(page().views().getFirst().to()).isEqualTo(before);
        // by the clock of who writes, which is a little behind
        topic(10, now().minusMillis(100));
        assertThat(page().views().getFirst().to()).isEqualTo(before + 60_000);
        assertThat(isThrough()).isTrue();
    }

    @Test
    void whatTheTopicDoesNotSayIsShownAfterSomeSeconds() {
        local(10);
        topic(10);
        second = 1;
        local(11);
        for (; second < 6.9; second += 0.1) {
            local(12);
            assertThat(isThrough()).as("after %.1f s", second).isTrue();
        }
        second = 7.3;
        local(13);
        assertThat(isThrough()).isFalse();
        assertThat(page().condition().through().past())
                .isEqualTo("it has said nothing new for 6 s");
        assertThat(page().condition().state()).isEqualTo(State.live);
        assertThat(orders()).isEqualTo(3L);
        second = 8;
        local(14);
        assertThat(page().totals().valid()).as("it goes on").isEqualTo(14);

        topic(13);
        assertThat(page().totals().valid()).as("and never goes back").isEqualTo(14);
        second = 9;
        local(15);
        topic(15);
        assertThat(isThrough()).isTrue();
        assertThat(page().totals().valid()).isEqualTo(15);
    }

    @Test
    void aTopicWithoutASignOfLifeIsSilentAlsoWhereNothingHappens() {
        local(10);
        topic(10);
        second = 25;
        local(10);
        assertThat(isThrough()).isTrue();
        second = 27;
        local(10);
        assertThat(isThrough()).isFalse();
        topic(10);
        assertThat(isThrough()).isTrue();
    }

    @Test
    void howeverLongItIsSilentLittleIsKept() {
        local(10);
        topic(10);
        for (int i = 0; i < 100_000; i++) {
            second += 0.02;
            local(11 + i);
        }
        topic(100_010);
        assertThat(isThrough()).isTrue();
        assertThat(series()).isEqualTo(100_010L);
    }

    @Test
    void whileNumbersAreNotThoseOfNowTheyAreShownAsTheyAre() {
        local(10);
        topic(10);
        local(new Condition(State.degraded, "Redis does not answer", START), 11);
        assertThat(isThrough()).isFalse();
        assertThat(page().condition().isDegraded()).isTrue();
        assertThat(page().totals().valid()).isEqualTo(11);
        local(12);
        topic(12);
        assertThat(isThrough()).isTrue();
        assertThat(page().condition().isDegraded()).isFalse();
    }

    @Test
    void whatIsCountedAnewIsNotMixedWithWhatWas() {
        local(10);
        topic(10);
        local(2);
        assertThat(isThrough()).isFalse();
        assertThat(page().totals().valid()).isEqualTo(2);
        local(3);
        topic(3);
        assertThat(isThrough()).isTrue();
        assertThat(page().totals().valid()).isEqualTo(3);
    }

    @Test
    void whatItCannotBeMadeOfIsNotUsed() {
        local(10);
        topic(10);
        feed.topic(new Moment(START, START, Totals.NONE, "another manifest", Map.of()), nanos());
        assertThat(orders()).isEqualTo(5L);
        second = 1;
        local(11);
        second = 8;
        local(12);
        assertThat(page().condition().through().past()).isEqualTo("another manifest");
    }

    @Test
    void withoutTheSettingPagesAreSnapshots() {
        Snapshots snapshots = new Snapshots(FIRST);
        Plan plain =
                ManifestReader.parse(
                        "test",
                        """
                        apiVersion: millrace.dev/v1alpha1
                        kind: AnalyticsPipeline
                        metadata: {name: shop}
                        spec:
                          streams: [{name: orders, fields: {at: {type: timestamp}}}]
                          metrics: [{name: orders, measure: count, window: 5m}]
                          stats: {every: 100ms}
                        """);
        PageFeed direct =
                new PageFeed(
                        plain,
                        snapshots,
                        new StatsSettings(
                                true,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(5)),
                        new StatsLog("shop-stats", new SimpleMeterRegistry()));
        assertThat(direct.pages()).isSameAs(snapshots);
        assertThat(direct.pace(Duration.ofMillis(500))).isEqualTo(Duration.ofMillis(500));
        assertThat(feed.pace(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(1));
    }
}
