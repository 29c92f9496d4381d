package dev.millrace.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.plan.TopicPlan.Content;
import dev.millrace.pipeline.resource.FieldType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What a stream that is made from another, and a table, are compiled to. */
class JoinedStreamTest {
    private static final String SHOP =
            """
              tables:
                - {name: products, key: id, file: shop/products.csv,
                   fields: {id: {type: integer}, name: {type: string}, price: {type: number}, colour: {type: string, optional: true}}}
              streams:
                - name: orders
                  fields:
                    id: {type: string}
                    at: {type: timestamp}
                    note: {type: string, optional: true}
                    items: {type: array, items: {product: {type: integer}, quantity: {type: integer}, id: {type: integer}}}
                  time: at
                  key: id
                - name: lines
                  from: orders
                  explode: items
                  join: [{table: products, key: product, missing: %s, as: {product_name: name, price: price, colour: colour}}]
                  compute: {%s}
            """;

    @Test
    void fieldsOfEventElementTableAndComputationsLieBesideEachOther() {
        Plan plan = plan("drop", "total: 'double(quantity) * price', big: 'total > 100.0'");
        StreamPlan lines = plan.stream("lines").orElseThrow();

        assertThat(lines.schema().names())
                .containsExactly(
                        "id",
                        "at",
                        "note",
                        "product",
                        "quantity",
                        "product_name",
                        "price",
                        "colour",
                        "total",
                        "big");
        assertThat(lines.schema().fields())
                .extracting(FieldPlan::index)
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(lines.schema().field("id").orElseThrow().type())
                .as("an element's field goes before the event's")
                .isEqualTo(FieldType.integer);
        assertThat(lines.schema().field("total").orElseThrow())
                .matches(field -> field.type() == FieldType.number && field.required());
        assertThat(lines.schema().field("colour").orElseThrow().required()).isFalse();
        assertThat(lines.time().name()).isEqualTo("at");
        assertThat(lines.key()).isEqualTo(lines.schema().field("id").orElseThrow());
        assertThat(lines.topic().content()).isEqualTo(Content.DERIVED);
        assertThat(plan.derived()).containsExactly(lines);
        assertThat(plan.counted()).extracting(StreamPlan::name).containsExactly("orders");
    }

    @Test
    void whatMayBeMissingIsOptional() {
        StreamPlan lines = plan("keep", "total: 'price * 2.0'").stream("lines").orElseThrow();

        assertThat(lines.schema().field("price").orElseThrow().required()).isFalse();
        assertThat(lines.schema().field("total").orElseThrow().required()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x: 'quantity + 1'| 3",
                "x: 'note'| ",
                "x: 'note + \"!\"'| ",
                "x: 'note == null ? \"none\" : \"some\"'| none",
                "x: 'at + duration(\"1h\")'| 3600000",
                "x: '[quantity, 1]'| [2, 1]",
                "x: '{\"a\": quantity}'| {a=2}",
                "x: 'quantity > 1'| true"
            })
    void computesWhatItSays(String compute, String result) throws Exception {
        Derivation derivation = plan("drop", compute).stream("lines").orElseThrow().derivation();
        Object[] values = {5L, 0L, null, 7L, 2L, "Pizza", 2.5, null, null};

        Object computed = derivation.computed().getFirst().compute(values);

        assertThat(computed == null ? null : computed.toString()).isEqualTo(result);
    }

    @Test
    void whatFailsAlthoughAllIsThereIsToldApartFromWhatIsMissing() {
        Derivation derivation =
                plan("drop", "x: '10 / (quantity - 2)'").stream("lines").orElseThrow().derivation();
        Object[] values = {5L, Instant.EPOCH.toEpochMilli(), null, 7L, 2L, "Pizza", 2.5, null, 0};

        assertThatThrownBy(() -> derivation.computed().getFirst().compute(values))
                .isInstanceOf(Computation.FailedException.class);
    }

    @Test
    void aTableHasATopicOfItsOwn() {
        Plan plan = plan("keep", "");

        assertThat(plan.tableTopics()).containsOnlyKeys("test-products");
        assertThat(plan.tables().getFirst().topic().content()).isEqualTo(Content.ROWS);
        assertThat(plan.tables().getFirst().source())
                .isEqualTo(new TablePlan.File("shop/products.csv", TablePlan.Format.CSV));
        assertThat(plan.topics()).doesNotContainKey("test-products");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x: 'nothing'| spec.streams[1].compute.x: nothing is called \"nothing\"",
                "x: 'quantity * price'| spec.streams[1].compute.x: * cannot be applied to (int, double)",
                "x: 'duration(\"1h\")'| spec.streams[1].compute.x: gives a google.protobuf.Duration, which no field can hold",
                "x: 'null'| spec.streams[1].compute.x: gives a value whose type is not known beforehand",
                "at.hour: '1'| spec.streams[1]: has a field \"at.hour\", which lies within \"at\"",
                "1x: '1'| spec.streams[1].compute.1x: cannot be a field's name"
            })
    void wrongComputationsAreToldWithTheFix(String compute, String problem) {
        assertThat(problems(SHOP.formatted("drop", compute))).contains(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key: product, missing| key: price_, missing| spec.streams[1].join[0].key: no field \"price_\"",
                "key: product, missing| key: at, missing| spec.streams[1].join[0].key: \"at\" is of type timestamp; rows are found by",
                "table: products, key: pro| table: product, key: pro| no table \"product\"; did you mean \"products\"?",
                "price: price, colour| price: cost, colour| spec.streams[1].join[0].as.price: no field \"cost\"",
                "explode: items| explode: at| spec.streams[1].explode: \"at\" is of type timestamp; name a field of type array",
                "explode: items| explode: item| spec.streams[1].explode: no field \"item\"; did you mean \"items\"?",
                "key: id, file| key: price, file| spec.tables[0].key: \"price\" is of type number; rows are identified by",
                "key: id, file| key: colour, file| spec.tables[0].key: \"colour\" is optional",
                "key: id, file| key: nr, file| spec.tables[0].key: no field \"nr\"",
                "shop/products.csv| ../products.csv| spec.tables[0].file: \"../products.csv\" lies elsewhere",
                "shop/products.csv| products.xls| spec.tables[0].file: \"products.xls\" is of an unknown kind; give it the ending .csv or .ndjson",
                "file: shop/products.csv| topic: orders| spec.streams[0].topic.name: \"orders\" is the topic of something else",
                "file: shop/products.csv| topic: 'a b'| spec.tables[0].topic: \"a b\" cannot be a topic's name",
                "name: products, key: id| name: stats, key: id| spec.tables[0].name: \"stats\" would take a topic of the pipeline's own"
            })
    void wrongJoinsAndTablesAreToldWithTheFix(String right, String wrong, String problem) {
        String manifest = SHOP.formatted("drop", "").replace(right, wrong);
        assertThat(manifest).isNotEqualTo(SHOP.formatted("drop", ""));
        assertThat(problems(manifest)).contains(problem);
    }

    private static Plan plan(String missing, String compute) {
        return TestPlans.plan(SHOP.formatted(missing, compute));
    }

    private static String problems(String manifest) {
        InvalidPipelineException refused =
                catchThrowableOfType(
                        InvalidPipelineException.class, () -> TestPlans.plan(manifest));
        assertThat(refused).as("the manifest is refused").isNotNull();
        List<Problem> problems = refused.problems();
        return problems.stream()
                .map(problem -> problem.path() + ": " + problem.message())
                .collect(Collectors.joining("\n"));
    }
}
