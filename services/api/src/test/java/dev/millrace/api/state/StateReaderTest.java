package dev.millrace.api.state;

import static dev.millrace.api.state.ReadState.NOW;
import static dev.millrace.api.state.ReadState.minutesAgo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.window.Group;
import dev.millrace.api.window.Point;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.time.Instant;

/** Windows over buckets, as time goes on and buckets change. */
class StateReaderTest {
    private static final Plan PLAN = ReadState.shop();

    @RegisterExtension private final ReadState state = new ReadState(PLAN);
    private final StateWriter writer = state.writer();

    @Test
    void aWindowIsTheBucketsUpToThatOfNow() throws Exception {
        writer.add("hits", NOW, 1)
                .add("hits", minutesAgo(2), 20)
                .add("hits", minutesAgo(3), 300)
                .add("hits", minutesAgo(5), 4_000)
                .add("hits", minutesAgo(6), 50_000)
                .flush();

        WindowView hits = state.view(state.read(NOW), "hits", "3m");

        assertThat(hits.value()).isEqualTo(21L);
        assertThat(hits.previous()).isEqualTo(4_300L);
        assertThat(Instant.ofEpochMilli(hits.from())).isEqualTo("2026-11-21T10:40:00Z");
        assertThat(Instant.ofEpochMilli(hits.to())).isEqualTo("2026-11-21T10:43:00Z");
        assertThat(hits.series())
                .containsExactly(
                        new Point(Instant.parse("2026-11-21T10:40:00Z").getEpochSecond(), 20L),
                        new Point(Instant.parse("2026-11-21T10:41:00Z").getEpochSecond(), 0L),
                        new Point(Instant.parse("2026-11-21T10:42:00Z").getEpochSecond(), 1L));
        WindowView all = state.view(state.read(NOW), "hits", "all");
        assertThat(all.value()).isEqualTo(54_321L);
        assertThat(all.previous()).isNull();
        assertThat(all.from()).isNull();
        assertThat(all.series()).isEmpty();
        assertThat(state.view(state.read(NOW), "hits", "1d").series()).hasSize(24);
    }

    @Test
    void windowsMoveWithTheClockAndForgetWhatTheyLeave() throws Exception {
        writer.add("hits", NOW, 1).add("hits", minutesAgo(2), 20).flush();
        assertThat(state.view(state.read(NOW), "hits", "3m").value()).isEqualTo(21L);
        int buckets = state.reader().buckets();

        Snapshot later = state.read(NOW.plusSeconds(60));
        assertThat(state.view(later, "hits", "3m").value()).isEqualTo(1L);
        assertThat(state.view(later, "hits", "3m").previous()).isEqualTo(20L);
        assertThat(state.reader().buckets()).isEqualTo(buckets);

        Snapshot muchLater = state.read(NOW.plus(Duration.ofDays(400)));
        assertThat(state.view(muchLater, "hits", "3m").value()).isEqualTo(0L);
        assertThat(state.view(muchLater, "hits", "all").value()).isEqualTo(21L);
        assertThat(state.reader().buckets()).isEqualTo(buckets);
    }

    @Test
    void aBucketThatWasWrittenBeforeItsMinuteIsReadWhenItComes() throws Exception {
        state.read(NOW);
        writer.add("hits", NOW.plusSeconds(60), 7).flush();
        assertThat(state.view(state.read(NOW), "hits", "3m").value()).isEqualTo(0L);
        assertThat(state.view(state.read(NOW.plusSeconds(60)), "hits", "3m").value()).isEqualTo(7L);
    }

    @Test
    void onlyWhatChangedIsReadAgain() throws Exception {
        writer.add("hits", NOW, 1).add("views", NOW, "/a", 1).flush();
        Snapshot first = state.read(NOW);
        assertThat(state.read(NOW).version()).isEqualTo(first.version());

        writer.redis().set("hits:202611211042", "1000");
        assertThat(state.view(state.read(NOW), "hits", "3m").value())
                .as("a change that no flush told of")
                .isEqualTo(1L);

        writer.add("hits", minutesAgo(1), 5).flush();
        Snapshot second = state.read(NOW);
        assertThat(state.view(second, "hits", "3m").value()).isEqualTo(6L);
        assertThat(state.view(second, "views", "3m")).isSameAs(state.view(first, "views", "3m"));
        assertThat(second.version()).isGreaterThan(first.version());
    }

    @Test
    void namesOfThePastAreForgotten() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            writer.redis().zadd("views:202611211042", 1, "old-" + i);
            writer.redis().sadd("users:202611211042", "old-" + i);
        }
        writer.redis().sadd("users:202611211045", "old-2999", "new");
        writer.redis().zadd("views:202611211045", 2, "old-2999");
        Snapshot first = state.read(NOW);
        assertThat(state.view(first, "users", "3m").value()).isEqualTo(3_000L);

        Snapshot both = state.read(NOW.plusSeconds(3 * 60));
        assertThat(state.view(both, "users", "3m").previous()).isEqualTo(3_000L);

        Snapshot later = state.read(NOW.plusSeconds(5 * 60));
        assertThat(state.view(later, "users", "3m").value()).isEqualTo(2L);
        assertThat(state.view(later, "views", "3m").ranking().top())
                .containsExactly(new Group("old-2999", 2L, 1L));
        Snapshot last = state.read(NOW.plusSeconds(6 * 60));
        assertThat(state.view(last, "users", "3m").previous()).isEqualTo(2L);
        assertThat(state.view(last, "views", "3m").ranking().top()).isEmpty();
        assertThat(state.view(first, "views", "3m").ranking().page(2_999, 1))
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
            Snapshot before = state.read(follower, NOW);
            assertThat(before.now()).isNull();
            assertThat(before.at()).isEqualTo(NOW);
            assertThat(before.views()).extracting(WindowView::value).containsOnly(0L);
            assertThat(before.views().getFirst().from()).isNull();

            log.add("hits", then, 2)
                    .add("hits", then.minusSeconds(180), 7)
                    .position("requests", 0, 5, then.minusSeconds(600))
                    .position("requests", 1, 4, then)
                    .flush();
            Snapshot after = state.read(follower, NOW);
            assertThat(after.now()).isEqualTo(then);
            assertThat(after.views().getFirst().value()).isEqualTo(2L);
            assertThat(after.views().getFirst().previous()).isEqualTo(7L);
            assertThat(Instant.ofEpochMilli(after.views().getFirst().to()))
                    .isEqualTo("1995-07-01T00:04:00Z");
            assertThat(state.read(follower, NOW.plusSeconds(60)).version())
                    .as("the time of day does not matter")
                    .isEqualTo(after.version());
        }
    }
}
