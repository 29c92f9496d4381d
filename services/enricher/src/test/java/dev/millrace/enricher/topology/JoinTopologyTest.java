package dev.millrace.enricher.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a stream with {@code from} becomes, rule by rule. */
class JoinTopologyTest {
    private static final String SHOP =
            """
              tables:
                - {name: products, key: id, topic: products,
                   fields: {id: {type: integer}, name: {type: string}, price: {type: number}, category: {type: string, optional: true}}}
              streams:
                - name: orders
                  fields:
                    id: {type: string}
                    at: {type: timestamp}
                    address.city: {type: string, optional: true}
                    extra: {type: object, optional: true}
                    items: {type: array, optional: true, items: {product: {type: integer}, quantity: {type: integer}, note: {type: string, optional: true}}}
                  time: at
                  key: id
                - name: lines
                  from: orders
                  key: product
                  explode: items
                  join: [{table: products, key: product, missing: %s, as: {product_name: name, price: price}}]
                  compute: {total: 'double(quantity) * price'}
                  topic: {name: order-lines}
            """;

    private static final String MARGHERITA = "{\"id\":1,\"name\":\"Margherita\",\"price\":7.5}";
    private static final String FUNGHI = "{\"id\":2,\"name\":\"Funghi\",\"price\":9}";

    @Test
    void anOrderBecomesALineForEachItemWithItsProduct() {
        try (Driver driver = shop("keep")) {
            driver.send(
                    "orders",
                    "a",
                    """
                    {"id":"a","at":"2026-01-31T11:59:59Z","address":{"city":"Rome","street":"unknown"},
                     "extra":{"gift":true,"tags":["x",null]},
                     "items":[{"product":1,"quantity":2},{"product":2,"quantity":1,"note":"hot"}]}
                    """);

            List<TestRecord<String, String>> lines = driver.records("order-lines");
            assertThat(lines)
                    .extracting(TestRecord::value)
                    .containsExactly(
                            "{\"id\":\"a\",\"at\":\"2026-01-31T11:59:59Z\",\"address\":{\"city\":\"Rome\"},"
                                    + "\"extra\":{\"gift\":true,\"tags\":[\"x\",null]},"
                                    + "\"product\":1,\"quantity\":2,\"product_name\":\"Margherita\",\"price\":7.5,\"total\":15.0}",
                            "{\"id\":\"a\",\"at\":\"2026-01-31T11:59:59Z\",\"address\":{\"city\":\"Rome\"},"
                                    + "\"extra\":{\"gift\":true,\"tags\":[\"x\",null]},"
                                    + "\"product\":2,\"quantity\":1,\"note\":\"hot\",\"product_name\":\"Funghi\",\"price\":9.0,\"total\":9.0}");
            assertThat(lines).extracting(TestRecord::key).containsExactly("1", "2");
            assertThat(lines)
                    .extracting(TestRecord::getRecordTime)
                    .as("the time at which the order was received")
                    .containsOnly(Driver.NOW);
            assertThat(lines)
                    .extracting(line -> Driver.header(line, "millrace-source"))
                    .containsExactly("orders:0:0:0", "orders:0:0:1");
            assertThat(driver.counter("millrace.enricher.events", "stream", "lines")).isEqualTo(2);
        }
    }

    @Test
    void whatDoesNotCountInItsOwnStreamIsLeftOutAndReportedThere() {
        try (Driver driver = shop("keep")) {
            driver.sendBytes("orders", "a", null);
            driver.send("orders", "a", "no JSON");
            driver.send("orders", "a", "{\"id\":\"a\"}");
            driver.sendBytes(
                    "orders", "a", "{\"id\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1));
            driver.send(
                    "orders", "a", order("2026-01-31T11:57:00Z", "{\"product\":1,\"quantity\":1}"));
            driver.send(
                    "orders", "a", order("2026-01-31T12:06:00Z", "{\"product\":1,\"quantity\":1}"));

            assertThat(driver.events("lines")).isEmpty();
            assertThat(driver.reasons()).isEmpty();
            assertThat(driver.counter("millrace.enricher.invalid", "stream", "lines")).isEqualTo(6);
        }
    }

    @Test
    void noItemsMakeNoLines() {
        try (Driver driver = shop("keep")) {
            driver.send("orders", "a", order("2026-01-31T12:00:00Z", ""));
            driver.send("orders", "a", "{\"id\":\"a\",\"at\":\"2026-01-31T12:00:00Z\"}");

            assertThat(driver.events("lines")).isEmpty();
            assertThat(driver.reasons()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7| type| Wrong type: 'items[1]' is no object",
                "null| type| Wrong type: 'items[1]' is no object",
                "{\"product\":1}| missing| Missing fields: ['items[1].quantity']",
                "{\"product\":1,\"quantity\":null}| missing| Missing fields: ['items[1].quantity']",
                "{\"product\":1,\"quantity\":1.5}| type| Wrong type: 'items[1].quantity' is a number, needs integer",
                "{\"product\":1,\"quantity\":1e30}| type| Wrong type: 'items[1].quantity' is a number, needs integer",
                "{\"product\":\"1\",\"quantity\":1}| type| Wrong type: 'items[1].product' is a string, needs integer",
                "{\"product\":1,\"quantity\":{}}| type| Wrong type: 'items[1].quantity' is an object, needs integer",
                "{\"product\":1,\"quantity\":1,\"note\":\"\\ud800\"}| malformed| Broken character in 'items[1].note': half of a surrogate pair"
            })
    void anElementThatDoesNotFitIsADeadLetterAndTheOthersGoOn(
            String element, String cause, String reason) {
        try (Driver driver = shop("keep")) {
            String order =
                    order(
                            "2026-01-31T12:00:00Z",
                            "{\"product\":1,\"quantity\":1},"
                                    + element
                                    + ",{\"product\":2,\"quantity\":3.0}");
            driver.send("orders", "a", order);

            assertThat(driver.events("lines")).hasSize(2);
            List<TestRecord<String, String>> letters = driver.records("test-dead-letters");
            assertThat(letters).hasSize(1);
            TestRecord<String, String> letter = letters.getFirst();
            assertThat(letter.value()).isEqualTo(order);
            assertThat(letter.key()).isEqualTo("a");
            assertThat(Driver.header(letter, "millrace-reason")).isEqualTo(reason);
            assertThat(Driver.header(letter, "millrace-cause")).isEqualTo(cause);
            assertThat(Driver.header(letter, "millrace-stream")).isEqualTo("lines");
            assertThat(Driver.header(letter, "millrace-topic")).isEqualTo("orders");
            assertThat(Driver.header(letter, "millrace-partition")).isEqualTo("0");
            assertThat(Driver.header(letter, "millrace-offset")).isEqualTo("0");
            assertThat(Driver.header(letter, "millrace-element")).isEqualTo("1");
            assertThat(Driver.header(letter, "millrace-timestamp"))
                    .isEqualTo("2026-01-31T12:00:00Z");
            assertThat(
                            driver.counter(
                                    "millrace.enricher.rejected",
                                    "stream",
                                    "lines",
                                    "cause",
                                    cause))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keep| {\"id\":\"a\",\"at\":\"2026-01-31T12:00:00Z\",\"product\":3,\"quantity\":1}| ",
                "drop| | ",
                "dead-letter| | No row of 'products' has the key '3'"
            })
    void anEventWithoutItsRowIsKeptDroppedOrADeadLetter(
            String missing, String event, String reason) {
        try (Driver driver = shop(missing)) {
            driver.send(
                    "orders", "a", order("2026-01-31T12:00:00Z", "{\"product\":3,\"quantity\":1}"));

            assertThat(driver.events("lines"))
                    .isEqualTo(event == null ? List.of() : List.of(event));
            assertThat(driver.reasons()).isEqualTo(reason == null ? List.of() : List.of(reason));
        }
    }

    @Test
    void aChangedRowReachesNewEventsAndADeletedOneIsGone() {
        try (Driver driver = shop("keep")) {
            String order = order("2026-01-31T12:00:00Z", "{\"product\":1,\"quantity\":1}");
            driver.send("products", "1", "{\"id\":1,\"name\":\"Margherita\",\"price\":8}");
            driver.send("orders", "a", order);
            driver.send("products", "1", null);
            driver.send("orders", "a", order);

            List<String> lines = driver.events("lines");
            assertThat(lines.getFirst()).contains("\"price\":8.0", "\"total\":8.0");
            assertThat(lines.getLast()).doesNotContain("price", "total");
            assertThat(driver.rows("products")).isEqualTo(1);
        }
    }

    @Test
    void aRowThatCannotBeReadIsNoRow() {
        try (Driver driver = shop("drop")) {
            driver.send("products", "1", "{\"id\":1,\"name\":7,\"price\":8}");
            driver.send("products", null, "no JSON");
            driver.send(
                    "orders",
                    "a",
                    order(
                            "2026-01-31T12:00:00Z",
                            "{\"product\":1,\"quantity\":1},{\"product\":2,\"quantity\":1}"));

            assertThat(driver.events("lines")).hasSize(1);
            assertThat(driver.counter("millrace.enricher.unreadable.rows", "table", "products"))
                    .isEqualTo(2);
        }
    }

    @Test
    void moreRowsThanMemoryIsMeantForAreRefusedRatherThanForgotten() {
        String spec = SHOP.formatted("keep");
        try (Driver driver = new Driver(spec, 2)) {
            driver.send("products", "1", MARGHERITA);
            driver.send("products", "2", FUNGHI);
            driver.send("products", "2", FUNGHI);
            assertThatThrownBy(
                            () ->
                                    driver.send(
                                            "products",
                                            "3",
                                            "{\"id\":3,\"name\":\"Napoli\",\"price\":8}"))
                    .hasMessage(
                            "The table products has more than 2 rows; raise millrace.enricher.table-rows, and the memory with it");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x: 'quantity / (quantity - 2)'| 2| Cannot compute 'x'",
                "x: '1.0 / double(quantity - 2)'| 2| Cannot compute 'x': it is Infinity, no number",
                "x: 'double(quantity) * 1e12'| 2| Too large: 'x' is beyond ±10^12",
                "x: 'at - duration(\"999999h\")'| 2| Cannot compute 'x': it is no time of the years 1970 to 9999",
            })
    void whatCannotBeComputedIsADeadLetter(String compute, int quantity, String reason) {
        try (Driver driver =
                new Driver(
                        SHOP.formatted("keep")
                                .replace("total: 'double(quantity) * price'", compute))) {
            driver.send(
                    "orders",
                    "a",
                    order("2026-01-31T12:00:00Z", "{\"product\":1,\"quantity\":" + quantity + "}"));
            driver.send(
                    "orders", "a", order("2026-01-31T12:00:00Z", "{\"product\":1,\"quantity\":1}"));

            List<TestRecord<String, String>> letters = driver.records("test-dead-letters");
            assertThat(letters).isNotEmpty();
            assertThat(Driver.header(letters.getFirst(), "millrace-reason")).startsWith(reason);
        }
    }

    @Test
    void aStreamCanBeMadeFromAMadeOne() {
        try (Driver driver =
                new Driver(
                        SHOP.formatted("keep")
                                + """
                                      - name: large
                                        from: lines
                                        join: [{table: products, key: product, as: {kind: category}}]
                                        compute: {large: 'quantity > 2'}
                                      - {name: copies, from: orders}
                                  """)) {
            driver.send("products", "1", MARGHERITA.replace("}", ",\"category\":\"pizza\"}"));
            driver.send(
                    "orders", "a", order("2026-01-31T12:00:00Z", "{\"product\":1,\"quantity\":3}"));

            assertThat(driver.events("large"))
                    .singleElement()
                    .asString()
                    .contains("\"kind\":\"pizza\"", "\"large\":true");
            assertThat(driver.events("copies"))
                    .containsExactly(
                            "{\"id\":\"a\",\"at\":\"2026-01-31T12:00:00Z\",\"items\":[{\"product\":1,\"quantity\":3}]}");
        }
    }

    @Test
    void withTheEventsClockOldEventsAreTakenAndStayInTheirPartition() {
        try (Driver driver = new Driver(SHOP.formatted("keep") + "  clock: event\n")) {
            driver.send("products", "1", MARGHERITA);
            driver.send(
                    "orders", "a", order("1998-06-01T00:00:00Z", "{\"product\":1,\"quantity\":3}"));
            driver.send(
                    "orders", "a", order("2026-01-31T12:06:00Z", "{\"product\":1,\"quantity\":3}"));

            assertThat(driver.events("lines"))
                    .singleElement()
                    .asString()
                    .contains("\"at\":\"1998-06-01T00:00:00Z\"");
        }
    }

    private static Driver shop(String missing) {
        Driver driver = new Driver(SHOP.formatted(missing));
        driver.send("products", "1", MARGHERITA);
        driver.send("products", "2", FUNGHI);
        return driver;
    }

    private static String order(String at, String items) {
        return "{\"id\":\"a\",\"at\":\"" + at + "\",\"items\":[" + items + "]}";
    }
}
