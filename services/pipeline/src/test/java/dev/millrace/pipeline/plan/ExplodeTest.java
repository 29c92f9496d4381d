package dev.millrace.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.StoredNumber;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;

/** A metric that names fields of items counts once per item. */
class ExplodeTest {
    private static final String STREAM =
            """
              streams:
                - name: orders
                  fields:
                    at: {type: timestamp}
                    user: {type: string}
                    tags: {type: array, optional: true}
                    items:
                      type: array
                      optional: true
                      items:
                        sku: {type: string}
                        quantity: {type: integer}
                        price: {type: number, optional: true}
                        gift: {type: boolean, optional: true}
                        due: {type: timestamp, optional: true}
                    more: {type: array, optional: true, items: {sku: {type: string}}}
                  time: at
              metrics:
            """;
    private static final String ORDER =
            """
            {"at":"2026-11-21T10:42:00Z","user":"ann","items":[
              {"sku":"a","quantity":2,"price":1.5,"gift":true,"due":"2026-12-24T00:00:00Z"},
              "no item",
              {"sku":"b","quantity":3.0},
              {"sku":7,"quantity":"many","price":1e300,"gift":"no","due":"soon"},
              null,
              {"sku":"\\ud800","quantity":9223372036854775808}]}
            """;

    private static MeasurePlan metric(String settings) {
        Plan plan = TestPlans.plan(STREAM + "    - {name: m, window: 5m, " + settings + "}\n");
        return (MeasurePlan) plan.metrics().getFirst();
    }

    private static List<Event> counted(MeasurePlan metric, String json) {
        Plan plan = TestPlans.plan(STREAM.replace("  metrics:\n", ""));
        return metric.counted(TestPlans.event(plan.streams().getFirst(), json));
    }

    @Test
    void eachItemIsAnEventOfItsOwnWithTheValuesOfTheWhole() {
        MeasurePlan metric =
                metric("measure: sum, of: 'items[].quantity', by: 'user, items[].sku'");
        assertThat(metric.items().array().name()).isEqualTo("items");

        List<Event> items = counted(metric, ORDER);

        assertThat(items)
                .extracting(item -> GroupKey.of(item, metric.by()))
                .containsExactly("ann\u001fa", "ann\u001fb", "ann\u001f\u0018", "ann\u001f\u0018");
        assertThat(items)
                .extracting(item -> StoredNumber.of(item, metric.of()))
                .containsExactly(2L, 3L, null, null);
        assertThat(items).allSatisfy(item -> assertThat(item.time()).isPositive());
    }

    @Test
    void valuesOfAnotherTypeAreMissing() {
        for (String[] expected :
                new String[][] {
                    {"price", "1500000", null, null, null},
                    {"due", "1798070400000000000", null, null, null},
                }) {
            MeasurePlan metric = metric("measure: count, by: 'items[]." + expected[0] + "'");
            List<Event> items = counted(metric, ORDER);
            assertThat(items)
                    .extracting(item -> StoredNumber.of(item, metric.by().getFirst()))
                    .extracting(number -> number == null ? null : number.toString())
                    .containsExactlyElementsOf(Arrays.asList(expected).subList(1, 5));
        }
        MeasurePlan gifts = metric("measure: count, by: 'items[].gift'");
        assertThat(counted(gifts, ORDER))
                .extracting(item -> item.value(gifts.by().getFirst()))
                .containsExactly(true, null, null, null);
    }

    @Test
    void conditionsAreOnItemsAndTextsInThemStay() {
        assertThat(counted(metric("measure: count, where: 'items[].quantity > 2'"), ORDER))
                .hasSize(1);
        assertThat(
                        counted(
                                metric(
                                        "measure: count, where: 'items[].sku == \"a\" || user == \"items[].sku\"'"),
                                ORDER))
                .hasSize(1);
        assertThat(
                        counted(
                                metric(
                                        "measure: count, where: 'items.exists(i, i.sku == \"b\") && items[].gift == true'"),
                                ORDER))
                .hasSize(1);
        assertThat(counted(metric("measure: count, where: 'size(items) == 6'"), ORDER)).hasSize(1);
    }

    @Test
    void itemsCanBeCountedWithoutAField() {
        assertThat(counted(metric("measure: count, explode: items"), ORDER)).hasSize(4);
        assertThat(counted(metric("measure: count, explode: tags"), ORDER)).isEmpty();
        String without = "{\"at\":\"2026-11-21T10:42:00Z\",\"user\":\"ann\"}";
        assertThat(counted(metric("measure: count, explode: items"), without)).isEmpty();
        assertThat(counted(metric("measure: count"), without)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "measure: count, by: 'items[].sku, more[].sku' | explode: a metric counts the items of one array",
                "measure: count, explode: item | did you mean \"items\"?",
                "measure: count, explode: user | explode: \"user\" is of type string; name an array",
                "measure: sum, of: 'items[].sku' | needs an integer or a number",
                "measure: sum, of: 'items[].quantty' | did you mean \"items[].quantity\"?",
                "measure: count, by: 'items[]' | no field \"items[]\"",
                "measure: count, where: 'items[].quantty > 2' | quantty",
            })
    void whatCannotBeIsTold(String settings, String problem) {
        assertThatThrownBy(() -> metric(settings))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void theFingerprintTellsItemsFromEvents() {
        String all =
                TestPlans.plan(STREAM + "    - {name: m, window: 5m, measure: count}\n")
                        .fingerprint();
        assertThat(
                        TestPlans.plan(
                                        STREAM
                                                + "    - {name: m, window: 5m, measure: count, explode: items}\n")
                                .fingerprint())
                .isNotEqualTo(all);
    }
}
