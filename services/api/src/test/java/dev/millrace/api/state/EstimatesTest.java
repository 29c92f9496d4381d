package dev.millrace.api.state;

import static dev.millrace.api.state.ReadState.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.history.Bucket;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.history.Tally;
import dev.millrace.api.json.Shapes;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.HyperLogLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Declared estimates are those of all values of a window, whenever and however they were read. */
class EstimatesTest {
    private static final long SEED = Long.getLong("millrace.seed", 1);
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
                          fields: {at: {type: timestamp}, user: {type: string}, page: {type: string}}
                          time: at
                      metrics:
                        - {name: users, measure: unique, approximate: true, of: user, window: 3m}
                        - {name: users_of, measure: unique, approximate: true, of: user, by: page, window: 3m}
                        - {name: share, formula: 'users / users_of'}
                    """);

    @RegisterExtension private final ReadState state = new ReadState(PLAN);
    private final StateWriter writer = state.writer();
    private final Random random = new Random(SEED);
    private final List<Event> events = new ArrayList<>();

    private record Event(long minute, String page, String user) {}

    private WindowView view(Snapshot snapshot, String metric) {
        return state.view(snapshot, metric, "3m");
    }

    private static long minute(Instant time) {
        return Granularity.MINUTE.start(time.toEpochMilli());
    }

    private void write(Instant time) {
        for (int i = random.nextInt(60); i >= 0; i--) {
            // Names come and go with time, so that they are numbered anew.
            long period = time.getEpochSecond() / 300;
            Event event =
                    new Event(
                            minute(time),
                            "/" + period + "/" + random.nextInt(random.nextBoolean() ? 3 : 700),
                            "ü" + period + random.nextInt(2_000));
            events.add(event);
            writer.estimate("users", time, event.user());
            writer.estimate("users_of", time, event.page(), event.user());
        }
        writer.flush();
    }

    private List<String> users(long from, long to) {
        return events.stream()
                .filter(event -> event.minute > from && event.minute <= to)
                .map(Event::user)
                .toList();
    }

    private void verify(Snapshot snapshot, Instant now) {
        long to = minute(now);
        long from = to - 3 * 60_000;
        Map<String, Number> byPage = new HashMap<>();
        events.stream()
                .filter(event -> event.minute > from && event.minute <= to)
                .collect(Collectors.groupingBy(Event::page))
                .forEach(
                        (page, all) ->
                                byPage.put(
                                        page,
                                        HyperLogLog.of(all.stream().map(Event::user).toList())
                                                .estimate()));
        assertThat(snapshot.condition().state()).isEqualTo(State.live);
        for (String metric : List.of("users", "users_of")) {
            WindowView view = view(snapshot, metric);
            assertThat(view.value())
                    .as("seed " + SEED)
                    .isEqualTo(HyperLogLog.of(users(from, to)).estimate());
            assertThat(view.previous())
                    .as("seed " + SEED)
                    .isEqualTo(HyperLogLog.of(users(from - 3 * 60_000, from)).estimate());
            assertThat(view.series().getLast().value())
                    .as("seed " + SEED)
                    .isEqualTo(HyperLogLog.of(users(to - 60_000, to)).estimate());
        }
        assertThat(
                        view(snapshot, "users_of").ranking().page(0, 100_000).stream()
                                .collect(Collectors.toMap(Group::key, Group::value)))
                .as("seed " + SEED)
                .isEqualTo(byPage);
    }

    @Test
    void windowsAreUnionsOfBucketsWhicheverPartsAreReadAgain() throws Exception {
        Instant now = NOW;
        for (int step = 0; step < 250; step++) {
            switch (random.nextInt(12)) {
                case 0, 1 -> now = now.plusSeconds(20);
                case 2, 3 -> write(now.minusSeconds(random.nextInt(200)));
                default -> write(now);
            }
            if (random.nextInt(3) > 0) {
                verify(state.read(now), now);
            }
        }
        verify(state.read(now), now);
        verify(state.read(new StateReader(PLAN), now), now);
    }

    @Test
    void onlyGroupsThatChangedAreReadAgain() throws Exception {
        writer.estimate("users_of", NOW, "/a", "ann")
                .estimate("users_of", NOW, "/b", "ann")
                .flush();
        state.read(NOW);
        // Without a flush, which Millrace never does.
        writer.redis().pfadd("users_of:/a:202611211042", "bob");
        writer.estimate("users_of", NOW, "/b", "cid").flush();
        WindowView view = view(state.read(NOW), "users_of");
        assertThat(view.ranking().page(0, 9).stream().map(Group::value)).containsExactly(2L, 1L);
        assertThat(view.value()).isEqualTo(2L);
    }

    @Test
    void readingWritesNothing() throws Exception {
        write(NOW);
        String before = writer.redis().info("commandstats");
        byte[] dump = writer.redis().dump("users:202611211042");
        state.read(NOW);
        assertThat(writer.redis().dump("users:202611211042")).isEqualTo(dump);
        assertThat(calls(writer.redis().info("commandstats"), "pfcount"))
                .isEqualTo(calls(before, "pfcount"));
    }

    private static String calls(String stats, String command) {
        return stats.lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .findFirst()
                .orElse("");
    }

    @Test
    void answersSayThatItIsAnEstimateAndHowGood() throws Exception {
        write(NOW);
        Snapshot snapshot = state.read(NOW);
        assertThat(Shapes.window(view(snapshot, "users"), NOW))
                .containsEntry("estimated", true)
                .containsEntry("error", 0.0081);
        assertThat(Shapes.window(view(snapshot, "share"), NOW))
                .containsEntry("estimated", true)
                .doesNotContainKey("error");
    }

    @Test
    void whatSomebodyElseWroteIsNamed() throws Exception {
        writer.redis().set("users:202611211042", "nothing of ours at all");
        writer.estimate("users_of", NOW, "/a", "ann").flush();
        writer.redis().set("users_of:/a:202611211042", "nor this");
        writer.redis().zadd("millrace:shop:changes", 1, "users:202611211042");

        Snapshot snapshot = state.read(NOW);

        assertThat(view(snapshot, "users").value()).isEqualTo(0L);
        assertThat(snapshot.condition().state()).isEqualTo(State.degraded);
        assertThat(snapshot.condition().reason()).contains("users:202611211042");
    }

    @Test
    void historyHasTheSameRegisters() throws Exception {
        write(NOW);
        List<Bucket> buckets =
                PLAN.measures()
                        .map(metric -> new Bucket(metric, Granularity.MINUTE, minute(NOW)))
                        .toList();
        try (RollupReader rollups =
                RollupReader.open(PLAN, state.factory(), Duration.ofSeconds(5))) {
            Map<Bucket, Rollup> read = rollups.read(buckets);
            HyperLogLog all = HyperLogLog.of(events.stream().map(Event::user).toList());
            for (Bucket bucket : buckets) {
                assertThat(read.get(bucket).all()).isEqualTo(new Tally.Estimate(all));
            }
            MeasurePlan grouped = (MeasurePlan) PLAN.metric("users_of").orElseThrow();
            Map<String, Tally> groups = new HashMap<>();
            events.stream()
                    .collect(Collectors.groupingBy(Event::page))
                    .forEach(
                            (page, some) ->
                                    groups.put(
                                            page,
                                            new Tally.Estimate(
                                                    HyperLogLog.of(
                                                                    some.stream()
                                                                            .map(Event::user)
                                                                            .toList())
                                                            .small())));
            assertThat(read.get(new Bucket(grouped, Granularity.MINUTE, minute(NOW))).groups())
                    .isEqualTo(groups);
        }
    }
}
