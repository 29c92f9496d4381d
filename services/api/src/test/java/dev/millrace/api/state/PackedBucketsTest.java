package dev.millrace.api.state;

import static dev.millrace.api.state.ReadState.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.window.Group;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.PackedGroups;
import dev.millrace.pipeline.state.PackedTotals;
import dev.millrace.pipeline.state.PackedValues;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Buckets of which a part is packed are as good as others. */
class PackedBucketsTest {
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
                          fields:
                            at: {type: timestamp}
                            user: {type: string}
                            page: {type: string}
                            size: {type: integer}
                          time: at
                      metrics:
                        - {name: views, measure: count, by: page, window: 3m}
                        - {name: sizes, measure: sum, of: size, by: page, window: 3m}
                        - {name: users, measure: unique, of: user, window: 3m}
                        - {name: users_of, measure: unique, of: user, by: page, window: 3m}
                    """);

    @RegisterExtension private final ReadState state = new ReadState(PLAN);
    private final StateWriter writer = state.writer();
    private final Random random = new Random(SEED);
    private final List<Event> events = new ArrayList<>();

    private record Event(long minute, String page, String user, long size) {}

    private WindowView view(Snapshot snapshot, String metric) {
        return state.view(snapshot, metric, "3m");
    }

    private static long minute(Instant time) {
        return Granularity.MINUTE.start(time.toEpochMilli());
    }

    private Map<String, Number> groups(Snapshot snapshot, String metric) {
        return view(snapshot, metric).ranking().page(0, 100_000).stream()
                .collect(Collectors.toMap(Group::key, Group::value));
    }

    private void write(Instant time) {
        boolean[] packed = {
            random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean()
        };
        PackedTotals views = new PackedTotals();
        PackedTotals sizes = new PackedTotals();
        PackedValues users = new PackedValues();
        PackedGroups usersOf = new PackedGroups();
        for (int i = random.nextInt(40); i >= 0; i--) {
            // Names come and go with time, so that they are numbered anew.
            long period = time.getEpochSecond() / 300;
            Event event =
                    new Event(
                            minute(time),
                            "/" + period + "/" + random.nextInt(700),
                            "ü" + period + random.nextInt(900),
                            random.nextInt(-3, 50));
            events.add(event);
            either(
                    packed[0],
                    event,
                    e -> views.add(e.page, 1),
                    e -> writer.add("views", time, e.page, 1));
            either(
                    packed[1],
                    event,
                    e -> sizes.add(e.page, e.size),
                    e -> writer.add("sizes", time, e.page, e.size));
            either(
                    packed[2],
                    event,
                    e -> users.add(e.user),
                    e -> writer.member("users", time, e.user));
            either(
                    packed[3],
                    event,
                    e -> usersOf.add(e.page, e.user),
                    e -> writer.member("users_of", time, e.page, e.user));
        }
        if (packed[0]) {
            writer.pack("views", time, views);
        }
        if (packed[1]) {
            writer.pack("sizes", time, sizes);
        }
        if (packed[2]) {
            writer.pack("users", time, users);
        }
        if (packed[3]) {
            writer.pack("users_of", time, usersOf);
        }
        writer.flush();
    }

    private static void either(
            boolean first, Event event, Consumer<Event> one, Consumer<Event> other) {
        (first ? one : other).accept(event);
    }

    private void verify(Snapshot snapshot, Instant now) {
        Map<String, Number> views = new HashMap<>();
        Map<String, Number> sizes = new HashMap<>();
        Set<String> users = new HashSet<>();
        Map<String, Set<String>> usersOf = new HashMap<>();
        events.stream()
                .filter(
                        event ->
                                event.minute > minute(now) - 3 * 60_000
                                        && event.minute <= minute(now))
                .forEach(
                        event -> {
                            views.merge(event.page, 1L, (a, b) -> a.longValue() + b.longValue());
                            sizes.merge(
                                    event.page,
                                    event.size,
                                    (a, b) -> a.longValue() + b.longValue());
                            users.add(event.user);
                            usersOf.computeIfAbsent(event.page, _ -> new HashSet<>())
                                    .add(event.user);
                        });
        Map<String, Number> usersOfSizes = new HashMap<>();
        usersOf.forEach((page, all) -> usersOfSizes.put(page, (long) all.size()));
        assertThat(snapshot.condition().state())
                .as(snapshot.condition().toString())
                .isEqualTo(State.live);
        assertThat(groups(snapshot, "views")).as("seed " + SEED).isEqualTo(views);
        assertThat(groups(snapshot, "sizes")).as("seed " + SEED).isEqualTo(sizes);
        assertThat(view(snapshot, "users").value())
                .as("seed " + SEED)
                .isEqualTo((long) users.size());
        assertThat(groups(snapshot, "users_of")).as("seed " + SEED).isEqualTo(usersOfSizes);
        assertThat(view(snapshot, "users_of").value())
                .as("seed " + SEED)
                .isEqualTo((long) users.size());
    }

    @Test
    void whateverIsPackedCountsAsMuch() throws Exception {
        Instant now = NOW;
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(12)) {
                case 0, 1 -> now = now.plusSeconds(20);
                case 2 ->
                        writer.redis().zrange(writer.keys().changes(), 0, -1).stream()
                                .filter(_ -> random.nextBoolean())
                                .forEach(writer::repack);
                case 3, 4 -> write(now.minusSeconds(random.nextInt(200)));
                default -> write(now);
            }
            if (random.nextInt(3) > 0) {
                verify(state.read(now), now);
            }
        }
        verify(state.read(now), now);
        StateReader other = new StateReader(PLAN);
        verify(state.read(other, now), now);
    }

    @Test
    void onlyWhatIsNewInAPackedPartIsRead() throws Exception {
        PackedTotals views = new PackedTotals();
        views.add("/a", 5);
        writer.pack("views", NOW, views).flush();
        assertThat(groups(state.read(NOW), "views")).isEqualTo(Map.of("/a", 5L));

        // Bytes that were read already change, which Millrace never does.
        String packed = "views:202611211042:packed";
        writer.redis().setrange(packed, 17, "/x");
        writer.pack("views", NOW, views).flush();
        assertThat(groups(state.read(NOW), "views")).isEqualTo(Map.of("/a", 10L));

        writer.repack("views:202611211042").add("views", NOW, "/b", 1).flush();
        assertThat(groups(state.read(NOW), "views"))
                .isEqualTo(Map.of("/a", 5L, "/x", 5L, "/b", 1L));
    }

    @Test
    void aPackedPartThatSomebodyElseWroteIsNamed() throws Exception {
        writer.redis().set("users:202611211042:packed", "nothing of ours at all");
        writer.member("users", NOW, "ann").flush();

        Snapshot snapshot = state.read(NOW);

        assertThat(view(snapshot, "users").value()).isEqualTo(1L);
        assertThat(snapshot.condition().state()).isEqualTo(State.degraded);
        assertThat(snapshot.condition().reason()).contains("users:202611211042:packed");

        writer.redis().del("users:202611211042:packed");
        writer.member("users", NOW, "bob").flush();
        assertThat(state.read(NOW).condition().state()).isEqualTo(State.live);
    }
}
