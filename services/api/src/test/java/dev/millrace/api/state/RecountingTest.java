package dev.millrace.api.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.millrace.api.history.BucketSource;
import dev.millrace.api.history.History;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.history.Tally;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
import dev.millrace.api.window.Snapshot.Position;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.api.window.WindowView;
import dev.millrace.audit.recount.Bucket;
import dev.millrace.audit.recount.BucketRecount;
import dev.millrace.audit.recount.RecountLimits;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.Window;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Whatever comes while Redis is away, in whatever order and however much at a time: the windows are
 * those that a plain recount comes to.
 */
class RecountingTest {
    private static final long SEED = Long.getLong("millrace.seed", 1);
    private static final Instant START = Instant.parse("2026-11-21T10:42:31Z");

    private final Random random = new Random(SEED);
    private final List<Sent> valid = new ArrayList<>();
    private final History history = mock(History.class);
    private Instant time = START;
    private Plan plan;
    private RecordWriter writer;

    private record Sent(Instant at, String user, String page) {}

    @AfterEach
    void close() {
        writer.close();
    }

    private void begin(String clock) {
        begin(clock, "");
    }

    private void begin(String clock, String audit) {
        plan =
                ManifestReader.parse(
                        "test",
                        """
                        apiVersion: millrace.dev/v1alpha1
                        kind: AnalyticsPipeline
                        metadata: {name: shop}
                        spec:
                          clock: %s
                          audit: {%s}
                          streams:
                            - name: events
                              fields: {at: {type: timestamp}, user: {type: string}, page: {type: string}, size: {type: number}}
                              time: at
                              lateness: 2m
                          metrics:
                            - {name: hits, measure: count, windows: [3m, 3h, all]}
                            - {name: views, measure: count, by: page, windows: [3m, all]}
                            - {name: few, measure: sum, of: size, by: user, window: 3m, maxGroups: 2}
                            - {name: revenue, measure: sum, of: size, by: page, windows: [3m, all]}
                            - {name: usual, measure: average, of: size, by: page, windows: [3m, all]}
                            - {name: mean, measure: average, of: size, window: 3m}
                            - {name: least, measure: min, of: size, window: 3m}
                            - {name: most, measure: max, of: size, by: page, windows: [3m, all]}
                            - {name: sizes, measure: percentiles, of: size, by: page, windows: [3m, all]}
                            - {name: all_sizes, measure: percentiles, of: size, window: 3m}
                            - {name: users, measure: unique, of: user, windows: [3m, all]}
                            - {name: users_of, measure: unique, of: user, by: page, windows: [3m, all]}
                            - {name: about, measure: unique, of: user, approximate: true, window: 3m}
                            - {name: about_of, measure: unique, of: user, by: page, approximate: true, windows: [3m, all]}
                            - {name: per_user, formula: 'hits / users'}
                            - {name: rows, measure: latest, key: user}
                        """
                                .formatted(clock, audit));
        writer =
                new RecordWriter(
                        plan, TestServers.mongo().uri("any"), "recounting-" + UUID.randomUUID());
        when(history.obstacle()).thenReturn(Optional.of("there is none here"));
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            time = time.plusMillis(random.nextInt(2_000));
            // some late, some too late, some of clocks that are ahead
            Instant at = time.minusMillis(random.nextInt(130_000) - 60_000L);
            String user = "user-" + random.nextInt(40);
            String page = random.nextInt(8) == 0 ? "a:b" : "/" + random.nextInt(6);
            String json =
                    "{\"at\":\"%s\",\"user\":\"%s\",\"page\":\"%s\",\"size\":%d.%d}"
                            .formatted(at, user, page, random.nextInt(100), random.nextInt(10));
            boolean isBroken = random.nextInt(20) == 0;
            if (writer.add("events", random.nextInt(3), time, isBroken ? "{" : json)) {
                valid.add(new Sent(at, user, page));
            }
        }
        writer.flush();
    }

    private long now() {
        return plan.clock() == dev.millrace.pipeline.resource.Clock.wall
                ? time.toEpochMilli()
                : newest();
    }

    /** The highest event time. */
    private long newest() {
        return valid.stream().mapToLong(one -> one.at().toEpochMilli()).max().orElse(0);
    }

    /** What an instance has read of Redis, where all that is recorded is counted. */
    private Map<String, MetricState> read() throws Exception {
        Map<String, MetricState> read = new HashMap<>();
        for (MeasurePlan metric : plan.measures().toList()) {
            MetricState state = new MetricState(metric);
            state.moveTo(now());
            read.put(metric.name(), state);
            if (!BucketRecount.isPossible(metric)) {
                continue;
            }
            Map<Bucket, Slot> slots = new HashMap<>();
            state.forEach(
                    (granularity, slot) ->
                            slots.put(new Bucket(metric, granularity, slot.start), slot));
            new BucketRecount(writer.database(), "events")
                    .count(
                            plan.stream("events").orElseThrow(),
                            slots.keySet(),
                            writer.ends(),
                            RecountLimits.until(System.nanoTime() + 60_000_000_000L))
                    .forEach(
                            (bucket, contents) ->
                                    slots.get(bucket)
                                            .put(
                                                    new ContentsBucket(
                                                                    metric,
                                                                    state.groups(),
                                                                    state.values())
                                                            .of(contents),
                                                    7));
        }
        return read;
    }

    private Snapshot known(State state) {
        Instant now = state == State.waiting ? null : Instant.ofEpochMilli(now());
        List<Position> positions = new ArrayList<>();
        if (state != State.waiting) {
            writer.ends()
                    .forEach(
                            (partition, offset) ->
                                    positions.add(
                                            new Position(
                                                    "events",
                                                    Integer.parseInt(partition.split(":")[1]),
                                                    offset,
                                                    newest())));
        }
        return new Snapshot(
                1,
                now == null ? Instant.EPOCH : now,
                now,
                new Condition(state, null),
                Totals.NONE,
                List.of(),
                positions,
                List.of(),
                List.of());
    }

    private Recounting recounting(Snapshot known, Map<String, MetricState> read, int records) {
        RecountSettings settings =
                new RecountSettings(
                        true,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        0.5,
                        records,
                        1_000_000);
        return new Recounting(
                plan, history, writer.database(), "events", settings, clock(), known, read);
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return time;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
    }

    /** The same text for the same numbers. */
    private static Map<String, String> told(Snapshot snapshot) {
        Map<String, String> told = new TreeMap<>();
        for (WindowView view : snapshot.views()) {
            List<Group> groups = view.ranking() == null ? List.of() : view.ranking().page(0, 1_000);
            boolean isFolded = view.metric().name().equals("few");
            told.put(
                    view.metric().name() + " " + view.window(),
                    "%s %s %s %s %s %s %s"
                            .formatted(
                                    view.from(),
                                    view.to(),
                                    view.value(),
                                    view.previous(),
                                    view.detail(),
                                    isFolded ? "" : groups,
                                    view.series()));
        }
        return told;
    }

    private Snapshot plain() {
        return recounting(known(State.waiting), Map.of(), 1_000_000)
                .pass(known(State.waiting))
                .snapshot()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wall", "event"})
    void whatComesWhileRedisIsAwayIsAddedToWhatWasRead(String clock) throws Exception {
        begin(clock);
        send(150);
        Snapshot known = known(State.live);
        Recounting recounting = recounting(known, read(), 1_000_000);
        Recounting inSmallParts = recounting(known, read(), 20);
        assertThat(recounting.pass(known).snapshot()).as("nothing has come").isEmpty();

        for (int i = 0; i < 12; i++) {
            send(1 + random.nextInt(60));
            Recounting.Outcome outcome = recounting.pass(known);
            assertThat(outcome.obstacle()).isNull();
            Snapshot next = outcome.snapshot().orElseThrow();
            assertThat(told(next)).as("seed %d, pass %d", SEED, i).isEqualTo(told(plain()));
            assertThat(told(inSmallParts.pass(known).snapshot().orElseThrow()))
                    .isEqualTo(told(next));
            assertThat(next.positions())
                    .extracting(one -> one.topic() + ":" + one.partition(), Position::offset)
                    .containsExactlyInAnyOrderElementsOf(
                            writer.ends().entrySet().stream()
                                    .map(
                                            one ->
                                                    org.assertj.core.groups.Tuple.tuple(
                                                            one.getKey(), one.getValue()))
                                    .toList());
            verify(next);
        }
        assertThat(recounting.pass(known).snapshot()).as("nothing more has come").isEmpty();
    }

    /** Against events in memory, for measures that say all: what is counted, and which values. */
    private void verify(Snapshot snapshot) {
        Window minutes = plan.metric("hits").orElseThrow().window("3m").orElseThrow();
        WindowView hits = snapshot.view("hits", minutes).orElseThrow();
        List<Sent> current =
                valid.stream()
                        .filter(
                                one ->
                                        one.at().toEpochMilli() >= hits.from()
                                                && one.at().toEpochMilli() < hits.to())
                        .toList();
        assertThat(hits.value()).isEqualTo((long) current.size());
        assertThat(hits.to())
                .isEqualTo(
                        Granularity.MINUTE.start(Math.min(now(), newest()))
                                + Granularity.MINUTE.millis());
        assertThat(snapshot.view("hits", Window.ALL).orElseThrow().value())
                .isEqualTo((long) valid.size());
        Map<String, Set<String>> users = new HashMap<>();
        current.forEach(
                one -> users.computeIfAbsent(one.page(), any -> new HashSet<>()).add(one.user()));
        assertThat(
                        snapshot
                                .view("users_of", minutes)
                                .orElseThrow()
                                .ranking()
                                .page(0, 100)
                                .stream()
                                .filter(group -> !group.value().equals(0L))
                                .collect(Collectors.toMap(Group::key, Group::value)))
                .isEqualTo(
                        users.entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey,
                                                one -> (long) one.getValue().size())));
    }

    @Test
    void theRecordsHaveToBeAsFarAsWhatWasRead() throws Exception {
        begin("wall");
        send(10);
        Map<String, MetricState> read = read();
        Snapshot exact = known(State.live);
        Snapshot further =
                new Snapshot(
                        1,
                        exact.at(),
                        exact.now(),
                        exact.condition(),
                        exact.totals(),
                        exact.views(),
                        List.of(
                                new Position(
                                        "events",
                                        0,
                                        writer.ends().getOrDefault("events:0", 0L) + 5,
                                        0)),
                        List.of(),
                        List.of());
        Recounting recounting = recounting(further, read, 1_000_000);
        send(3);
        assertThat(writer.ends().getOrDefault("events:0", 0L))
                .isLessThan(further.positions().getFirst().offset());
        Recounting.Outcome outcome = recounting.pass(further);
        assertThat(outcome.snapshot()).isEmpty();
        assertThat(outcome.obstacle()).isNull();
        time = Instant.now().plusSeconds(120);
        assertThat(recounting.pass(further).obstacle()).contains("nothing was recorded since");
    }

    @Test
    void whatHistoryBeganGoesOnOverMinutes() throws Exception {
        begin("wall");
        send(80);
        // into another hour, of which there are few
        time = time.plus(Duration.ofMinutes(20));
        Map<String, BucketSource.Position> positions = new HashMap<>();
        writer.ends()
                .forEach(
                        (partition, offset) ->
                                positions.put(
                                        partition, new BucketSource.Position(offset, newest())));
        when(history.obstacle()).thenReturn(Optional.empty());
        when(history.state())
                .thenReturn(
                        Optional.of(
                                new History.State(now(), now(), positions, 50, 10, 0, positions)));
        when(history.begin(any()))
                .thenAnswer(
                        asked ->
                                asked.<MeasurePlan>getArgument(0).name().equals("users")
                                        ? OptionalLong.empty()
                                        : OptionalLong.of(0));
        Recounting recounting = recounting(known(State.waiting), Map.of(), 50);
        Window minutes = plan.metric("hits").orElseThrow().window("3m").orElseThrow();
        Instant until = time.plusSeconds(240);
        for (int i = 0; time.isBefore(until); i++) {
            send(5);
            Recounting.Outcome outcome = recounting.pass(known(State.waiting));
            assertThat(outcome.obstacle()).as("pass %d", i).contains("history has a part");
            Snapshot next = outcome.snapshot().orElseThrow();
            assertThat(next.view("per_user", minutes).orElseThrow().series())
                    .as("no users are known of")
                    .isEmpty();
            time = time.plusSeconds(20);
        }
    }

    @Test
    void whereRecordsHaveExpiredHistoryIsAddedTo() throws Exception {
        begin("wall", "retention: 1m");
        send(30);
        Map<String, BucketSource.Position> positions = new HashMap<>();
        writer.ends()
                .forEach(
                        (partition, offset) ->
                                positions.put(
                                        partition, new BucketSource.Position(offset, newest())));
        when(history.obstacle()).thenReturn(Optional.empty());
        when(history.begin(any())).thenReturn(OptionalLong.of(0));
        when(history.state())
                .thenReturn(
                        Optional.of(
                                new History.State(
                                        System.currentTimeMillis(),
                                        now(),
                                        positions,
                                        30,
                                        0,
                                        0,
                                        positions)));
        // many more than are recorded: so one sees where they come from
        when(history.read(any()))
                .thenAnswer(
                        asked ->
                                asked
                                        .<Collection<dev.millrace.api.history.Bucket>>getArgument(0)
                                        .stream()
                                        .filter(one -> one.metric().name().equals("hits"))
                                        .collect(
                                                Collectors.toMap(
                                                        one -> one,
                                                        _ -> Rollup.of(new Tally.Total(1_000)))));
        int before = valid.size();
        send(10);
        Snapshot next =
                recounting(known(State.waiting), Map.of(), 1_000)
                        .pass(known(State.waiting))
                        .snapshot()
                        .orElseThrow();
        Window minutes = plan.metric("hits").orElseThrow().window("3m").orElseThrow();
        WindowView hits = next.view("hits", minutes).orElseThrow();
        long since =
                valid.stream()
                        .skip(before)
                        .map(one -> one.at().toEpochMilli())
                        .filter(at -> at >= hits.from() && at < hits.to())
                        .count();
        assertThat(since).isPositive();
        assertThat(hits.value()).isEqualTo(3_000 + since);
        assertThat(next.view("hits", Window.ALL).orElseThrow().value())
                .isEqualTo(1_000L + valid.size() - before);
    }

    @Test
    void whatIsTooMuchAtOnceIsCountedInSmallerPartsThatAreTold() throws Exception {
        begin("wall");
        send(50);
        Snapshot known = known(State.live);
        RecountSettings settings =
                new RecountSettings(
                        true,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        0.5,
                        1_000_000,
                        10_000);
        Recounting recounting =
                new Recounting(
                        plan,
                        history,
                        writer.database(),
                        "events",
                        settings,
                        clock(),
                        known,
                        read());
        send(3_000);
        Recounting.Outcome outcome = recounting.pass(known);
        assertThat(outcome.obstacle()).contains("more than 10000 groups");
        for (int i = 0; i < 30 && outcome.obstacle() != null; i++) {
            outcome = recounting.pass(known);
        }
        assertThat(outcome.obstacle()).isNull();
        assertThat(told(outcome.snapshot().orElseThrow())).isEqualTo(told(plain()));
    }

    @Test
    void totalsOfRedisGoOnWithoutWhatWasRead() {
        begin("wall");
        send(40);
        Snapshot known = known(State.live);
        int before = valid.size();
        send(20);
        Snapshot next = recounting(known, Map.of(), 1_000_000).pass(known).snapshot().orElseThrow();
        assertThat(next.totals().valid()).isEqualTo(valid.size() - before);
        assertThat(next.totals().invalid()).isEqualTo(20 - (valid.size() - before));
    }

    @Test
    void whatIsTooMuchIsSaidAndNothingIsAnswered() throws Exception {
        begin("wall");
        send(60);
        Recounting.Outcome outcome =
                recounting(known(State.waiting), Map.of(), 50).pass(known(State.waiting));
        assertThat(outcome.snapshot()).isEmpty();
        assertThat(outcome.obstacle()).contains("more than 50 of them");
    }
}
