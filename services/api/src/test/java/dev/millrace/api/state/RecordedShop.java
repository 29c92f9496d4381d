package dev.millrace.api.state;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.millrace.api.history.History;
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
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.Window;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A pipeline whose events are recorded and counted nowhere else, with late ones, broken ones and
 * ones of clocks that are ahead, for each test.
 */
final class RecordedShop implements AfterEachCallback {
    static final long SEED = Long.getLong("millrace.seed", 1);
    private static final Instant START = Instant.parse("2026-11-21T10:42:31Z");

    private final Random random = new Random(SEED);
    private final List<Sent> valid = new ArrayList<>();
    private final History history = mock(History.class);
    private Instant time = START;
    private Plan plan;
    private RecordWriter writer;

    record Sent(Instant at, String user, String page) {}

    @Override
    public void afterEach(ExtensionContext context) {
        writer.close();
    }

    void begin(String clock) {
        begin(clock, "");
    }

    void begin(String clock, String audit) {
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

    void send(int count) {
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

    long now() {
        return plan.clock() == dev.millrace.pipeline.resource.Clock.wall
                ? time.toEpochMilli()
                : newest();
    }

    /** The highest event time. */
    long newest() {
        return valid.stream().mapToLong(one -> one.at().toEpochMilli()).max().orElse(0);
    }

    /** What an instance has read of Redis, where all that is recorded is counted. */
    Map<String, MetricState> read() throws Exception {
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

    Snapshot known(State state) {
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

    Recounting recounting(Snapshot known, Map<String, MetricState> read, int records) {
        return recounting(known, read, records, 1_000_000);
    }

    Recounting recounting(Snapshot known, Map<String, MetricState> read, int records, int groups) {
        RecountSettings settings =
                new RecountSettings(
                        true, Duration.ofSeconds(1), Duration.ofSeconds(60), 0.5, records, groups);
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
    static Map<String, String> told(Snapshot snapshot) {
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

    Snapshot plain() {
        return recounting(known(State.waiting), Map.of(), 1_000_000)
                .pass(known(State.waiting))
                .snapshot()
                .orElseThrow();
    }

    /** A number below another, the same in each run of a test. */
    int upTo(int most) {
        return 1 + random.nextInt(most);
    }

    /** The events that count. */
    List<Sent> valid() {
        return valid;
    }

    History history() {
        return history;
    }

    Instant time() {
        return time;
    }

    void goOnTo(Instant later) {
        time = later;
    }

    /** The partitions' positions behind what is recorded. */
    Map<String, Long> ends() {
        return writer.ends();
    }

    /** A metric over one of its windows. */
    Window window(String metric, String window) {
        return plan.metric(metric).orElseThrow().window(window).orElseThrow();
    }
}
