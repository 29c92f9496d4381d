package dev.millrace.pipeline.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Rows come back from Redis as they were written. */
class RowTest {
    private static final Plan PLAN =
            TestPlans.plan(
                    """
                      streams:
                        - name: couriers
                          fields: {at: {type: timestamp}, id: {type: string}, state: {type: string, optional: true},
                                   since: {type: timestamp, optional: true}, lon: {type: number, optional: true}, lat: {type: number, optional: true}}
                          time: at
                      metrics: [{name: couriers, measure: latest, key: id, value: state, since: since, position: [lon, lat]}]
                    """);
    private static final MeasurePlan METRIC = (MeasurePlan) PLAN.metrics().getFirst();

    private static Row row(String rest) {
        return Row.of(
                TestPlans.event(
                        PLAN.streams().getFirst(),
                        "{\"at\":\"2026-11-21T10:42:00.001Z\",\"id\":\"c1\"" + rest + "}"),
                METRIC.latest());
    }

    @Test
    void isWrittenReadably() {
        Row row =
                row(
                        ",\"state\":\"on the way\",\"since\":\"2026-11-21T10:40:00Z\",\"lon\":12.5,\"lat\":-41.9");
        assertThat(row.content())
                .isEqualTo(
                        "{\"value\":\"on the way\",\"since\":1795257600000,\"position\":[12.5,-41.9]}");
        assertThat(row.begin()).isEqualTo(1795257600000L);
        assertThat(Row.parse(row.time() + ":3:" + row.content())).isEqualTo(row);
    }

    @Test
    void whatIsMissingStaysMissing() {
        Row row = row(",\"lon\":12.5");
        assertThat(row.content()).isEqualTo("{}");
        assertThat(row.begin()).isEqualTo(row.time());
        assertThat(Row.parse(row.time() + ":0:{}")).isEqualTo(row);
    }

    @Test
    void aPlaceBeyondTheGlobeIsNoPlace() {
        assertThat(row(",\"lon\":181,\"lat\":1").longitude()).isNull();
        assertThat(row(",\"lon\":1,\"lat\":-90.5").latitude()).isNull();
        for (String position :
                List.of("[181,1]", "[1,-90.5]", "[1e999,0]", "[1]", "[\"a\",1]", "{}")) {
            assertThat(Row.parse("5:0:{\"value\":\"a\",\"position\":" + position + "}"))
                    .as(position)
                    .isEqualTo(new Row(5, "a", null, null, null));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1:2", "1:2:", "1:2:{", "-1:0:{}", "1:b:{}"})
    void anythingElseIsNoRow(String text) {
        assertThat(Row.parse(text)).isNull();
    }

    @Test
    void rowsAreGroupedByTheirValue() {
        assertThat(METRIC.isGrouped()).isTrue();
        assertThat(METRIC.latest().rows()).isEqualTo(100_000);
        assertThat(METRIC.windows()).singleElement().matches(window -> window.isAll());
    }
}
