package dev.millrace.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** No two things share a key. */
class StateKeysTest {
    private static final Plan PLAN =
            TestPlans.plan(
                    """
                      streams: [{name: e, fields: {user: {type: string}, page: {type: string}}}]
                      metrics:
                        - {name: m, measure: unique, of: page, by: user, windows: [5m, 1d, 8d, all]}
                        - {name: m_1, measure: unique, of: page, by: user, windows: [5m, 1d, 8d, all]}
                        - {name: millrace_positions, measure: count, window: all}
                    """);

    @Test
    void bucketsAreNamedAsDocumented() {
        MeasurePlan metric = (MeasurePlan) PLAN.metric("m").orElseThrow();
        long time = Instant.parse("2026-11-21T10:42:59.999Z").toEpochMilli();
        assertThat(StateKeys.bucket(metric, Granularity.MINUTE, time)).isEqualTo("m:202611211042");
        assertThat(StateKeys.bucket(metric, Granularity.HOUR, time)).isEqualTo("m:2026112110");
        assertThat(StateKeys.bucket(metric, Granularity.DAY, time)).isEqualTo("m:20261121");
        assertThat(StateKeys.bucket(metric, Granularity.ALL, time)).isEqualTo("m:all");
        assertThat(StateKeys.groupSet(metric, "m:202611211042", "user-7"))
                .isEqualTo("m:user-7:202611211042");
    }

    @Test
    void noTwoThingsShareAKey() {
        List<String> groups =
                List.of(
                        "",
                        "a",
                        ":",
                        "a:",
                        ":a",
                        "all",
                        "202611211042",
                        "a:202611211042",
                        "m",
                        "m:all",
                        "positions",
                        "\u0018",
                        "a\u001fb",
                        "\u001b\u0018");
        long[] times = {0, 60_000, 3_600_000, 86_400_000, 253_402_300_799_999L};
        List<String> keys = new ArrayList<>();
        PLAN.measures()
                .forEach(
                        metric -> {
                            for (Granularity granularity : metric.granularities()) {
                                for (long time :
                                        granularity == Granularity.ALL ? new long[1] : times) {
                                    String bucket = StateKeys.bucket(metric, granularity, time);
                                    if (!keys.contains(bucket)) {
                                        keys.add(bucket);
                                        groups.forEach(
                                                group ->
                                                        keys.add(
                                                                StateKeys.groupSet(
                                                                        metric, bucket, group)));
                                    }
                                }
                            }
                        });
        StateKeys own = new StateKeys(PLAN);
        List<String> state =
                List.of(
                        own.positions(),
                        own.owners(),
                        own.meta(),
                        own.totals(),
                        own.changes(),
                        own.expiries(),
                        own.recentDeadLetters(),
                        own.losses());
        keys.addAll(state);
        assertThat(keys).doesNotHaveDuplicates().hasSizeGreaterThan(400);
        assertThat(state).allMatch(key -> key.startsWith("millrace:test:"));
    }
}
