package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.embedded.FreePorts;
import dev.millrace.pipeline.registry.SchemaRefusedException;
import dev.millrace.pipeline.registry.SchemaRegistry;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The manifests with streams made from others, as shipped, against what is exploded, joined and
 * added up here from the same events and files.
 */
class JoinedManifestsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Path MANIFESTS = Path.of("../../k8s");
    private static final int EVENTS = 1_200;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir Path folder;

    @Test
    void itemsOfOrdersAreJoinedWithTheirProductsOverAKill() throws Exception {
        Map<Integer, String[]> products = new TreeMap<>();
        for (String line : Files.readAllLines(MANIFESTS.resolve("pizzashop/products.csv"))) {
            if (Character.isDigit(line.charAt(0))) {
                String[] cells = line.replaceAll("\"[^\"]*\"", "").split(",");
                products.put(
                        Integer.valueOf(cells[0]), new String[] {cells[1], cells[3], cells[4]});
            }
        }
        Random random = new Random(11);
        Map<String, Double> quantities = new TreeMap<>();
        Map<String, Double> categories = new TreeMap<>();
        Map<String, Double> amounts = new TreeMap<>();
        int unknown = 0;
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            StringBuilder items = new StringBuilder();
            for (int n = random.nextInt(5); n > 0; n--) {
                int product = 1 + random.nextInt(products.size() + 1);
                int quantity = 1 + random.nextInt(4);
                items.append(items.isEmpty() ? "" : ",")
                        .append("{\"product_id\":" + product + ",\"quantity\":" + quantity + "}");
                String[] known = products.get(product);
                if (known == null) {
                    unknown++;
                } else {
                    quantities.merge(known[0], (double) quantity, Double::sum);
                    categories.merge(known[1], (double) quantity, Double::sum);
                    amounts.merge(known[0], quantity * Double.parseDouble(known[2]), Double::sum);
                }
            }
            orders.add(
                    "{\"id\":\"o-%d\",\"created_at\":\"%s\",\"user_id\":\"u-%d\",\"status\":\"placed\",\"price\":10.5,\"items\":[%s]}"
                            .formatted(i, Instant.now(), random.nextInt(90), items));
        }
        assertThat(unknown).as("some items have no product").isPositive();

        Path data = folder.resolve("data");
        int port = FreePorts.one();
        try (PipelineProcess pipeline = start("pizzashop", data, port)) {
            post(pipeline, "orders", orders.subList(0, EVENTS / 2));
            pipeline.awaitStatus(status -> valid(status) > EVENTS / 2 + 100);
            pipeline.kill();
        }
        try (PipelineProcess pipeline = start("pizzashop", data, port)) {
            post(pipeline, "orders", orders.subList(EVENTS / 2, EVENTS));
            awaitGroups(pipeline, "popular_items", quantities);
            awaitGroups(pipeline, "popular_categories", categories);
            awaitGroups(pipeline, "item_revenue", amounts);

            JsonNode overview = pipeline.get("/orders/overview");
            assertThat(overview.path("totalOrders").asInt()).isEqualTo(EVENTS);
            assertThat(overview.path("currentTimePeriod").has("orders")).isTrue();
            assertThat(overview.path("previousTimePeriod").has("totalPrice")).isTrue();
            JsonNode popular = pipeline.get("/orders/popular?items=3");
            double most =
                    quantities.values().stream().mapToDouble(value -> value).max().orElseThrow();
            assertThat(popular.path("popularItems").size()).isEqualTo(3);
            assertThat(popular.path("popularItems").get(0).path("quantity").asDouble())
                    .isEqualTo(most);
            assertThat(metric(pipeline, "millrace_enricher_rejected_total", "unmatched"))
                    .isPositive();
            int unmatched = unknown;
            pipeline.awaitStatus(
                    status -> status.path("totals").path("invalid").asLong() >= unmatched);
            JsonNode letters = pipeline.get("/api/v1/dead-letters?limit=1");
            assertThat(letters.path("causes"))
                    .isEqualTo(JSON.readTree("{\"unmatched\":" + unknown + "}"));
            JsonNode letter = letters.path("recent").get(0);
            assertThat(letter.path("stream").asString()).isEqualTo("order_items");
            assertThat(letter.path("topic").asString()).isEqualTo("orders");
            assertThat(letter.path("element").isInt()).isTrue();
            assertThat(letter.path("reason").asString()).startsWith("No row of 'products'");
            assertThat(letter.path("event").asString()).startsWith("{\"id\":\"o-");
            assertThat(pipeline.stop(Duration.ofSeconds(40)))
                    .isEqualTo(PipelineProcess.SIGTERM_EXIT);
        }
    }

    @Test
    void purchasesAreCountedByWhatIsKnownAboutTheCustomer() throws Exception {
        TreeMap<String, String[]> people = new TreeMap<>();
        for (String line : Files.readAllLines(MANIFESTS.resolve("campaigns/demographics.csv"))) {
            String[] cells = line.split(",");
            people.put(cells[0], cells);
        }
        Random random = new Random(12);
        Map<String, Double> ages = new TreeMap<>();
        Map<String, Double> states = new TreeMap<>();
        Map<String, Double> campaigns = new TreeMap<>();
        List<String> purchases = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            String customer = "customer-" + (1 + random.nextInt(2_100));
            String campaign = "campaign-" + random.nextInt(5);
            int cents = 100 + random.nextInt(20_000);
            String[] person = people.get(customer);
            String age = person == null ? "" : band(Integer.parseInt(person[1]));
            ages.merge(age, cents / 100.0, Double::sum);
            states.merge(person == null ? "" : person[3], cents / 100.0, Double::sum);
            campaigns.merge(campaign, cents / 100.0, Double::sum);
            purchases.add(
                    "{\"transaction_id\":\"t-%d\",\"purchased_at\":\"%s\",\"customer_id\":\"%s\",\"campaign_id\":\"%s\",\"product_id\":\"p\",\"quantity\":1,\"total_amount\":%d.%02d,\"seconds_since_click\":30}"
                            .formatted(
                                    i,
                                    Instant.now(),
                                    customer,
                                    campaign,
                                    cents / 100,
                                    cents % 100));
        }
        assertThat(ages).as("some customers are not in the table").containsKey("");

        Path data = folder.resolve("data");
        int port = FreePorts.one();
        try (PipelineProcess pipeline = start("campaigns", data, port)) {
            post(pipeline, "purchases", purchases.subList(0, EVENTS / 2));
            pipeline.awaitStatus(status -> valid(status) > EVENTS / 2 + 100);
            pipeline.kill();
        }
        try (PipelineProcess pipeline = start("campaigns", data, port)) {
            post(pipeline, "purchases", purchases.subList(EVENTS / 2, EVENTS));
            post(pipeline, "purchases", List.of("{\"transaction_id\":\"t\",\"quantity\":1.5}"));
            // written by a newer schema, in another order and with a further field
            GenericRecord coupon =
                    new GenericRecordBuilder(newerPurchase())
                            .set("customer_id", people.firstEntry().getKey())
                            .set("total_amount", 0.25)
                            .set("coupon", "SPRING")
                            .set("campaign_id", "coupons")
                            .set("quantity", 1L)
                            .set("transaction_id", "foreign")
                            .set("product_id", "p")
                            .set("purchased_at", System.currentTimeMillis())
                            .set("seconds_since_click", 30L)
                            .build();
            String[] person = people.firstEntry().getValue();
            ForeignWriter.write(
                    pipeline.address("kafka"),
                    pipeline.address("registry"),
                    "purchases",
                    List.of(coupon, coupon));
            ages.merge(band(Integer.parseInt(person[1])), 0.5, Double::sum);
            states.merge(person[3], 0.5, Double::sum);
            campaigns.put("coupons", 0.5);
            awaitGroups(pipeline, "revenue_by_age", ages);
            awaitGroups(pipeline, "revenue_by_state", states);
            awaitGroups(pipeline, "revenue_by_campaign", campaigns);

            pipeline.awaitStatus(status -> status.path("totals").path("invalid").asLong() == 1);
            JsonNode letter = pipeline.get("/api/v1/dead-letters").path("recent").get(0);
            assertThat(letter.path("reason").asString())
                    .isEqualTo("Wrong type: 'quantity' is no integer of at most 64 bits");
            assertThatThrownBy(
                            () ->
                                    new SchemaRegistry(
                                                    URI.create(pipeline.address("registry")), null)
                                            .register(
                                                    "purchases-value",
                                                    SchemaBuilder.record("purchases")
                                                            .fields()
                                                            .requiredString("new_and_required")
                                                            .endRecord()))
                    .isInstanceOf(SchemaRefusedException.class)
                    .hasMessageContaining("add fields as optional: true");
        }
    }

    private static Schema newerPurchase() {
        return SchemaBuilder.record("purchases")
                .namespace("millrace")
                .fields()
                .requiredString("customer_id")
                .requiredDouble("total_amount")
                .optionalString("coupon")
                .requiredString("campaign_id")
                .requiredLong("quantity")
                .requiredString("transaction_id")
                .requiredString("product_id")
                .requiredLong("purchased_at")
                .requiredLong("seconds_since_click")
                .endRecord();
    }

    private static String band(int age) {
        return age < 25
                ? "18-24"
                : age < 35
                        ? "25-34"
                        : age < 45 ? "35-44" : age < 55 ? "45-54" : age < 65 ? "55-64" : "65+";
    }

    private PipelineProcess start(String name, Path data, int port) throws Exception {
        return PipelineProcess.start(
                folder, data, MANIFESTS.resolve(name + ".yaml"), port, "--no-generator");
    }

    private static long valid(JsonNode status) {
        return status.path("totals").path("valid").asLong();
    }

    private static void post(PipelineProcess pipeline, String stream, List<String> events)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                CLIENT.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                pipeline.address("collector")
                                                        + "/api/v1/streams/"
                                                        + stream
                                                        + "/events"))
                                .header("Content-Type", "application/x-ndjson")
                                .timeout(Duration.ofSeconds(60))
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                String.join("\n", events)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    /** Waits until the groups of a metric have these values; a missing field is the group "". */
    private static void awaitGroups(
            PipelineProcess pipeline, String metric, Map<String, Double> expected)
            throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        double sum = expected.values().stream().mapToDouble(value -> value).sum();
        Map<String, Double> found = new TreeMap<>();
        do {
            Thread.sleep(200);
            found.clear();
            for (JsonNode group : pipeline.groups(metric, "1h", 100)) {
                JsonNode key = group.path("key");
                found.put(
                        key.isNull() || key.isMissingNode() ? "" : key.asString(),
                        group.path("value").asDouble());
            }
        } while (found.values().stream().mapToDouble(value -> value).sum() < sum - 0.005
                && System.nanoTime() < deadline);
        assertThat(found.keySet()).as(metric).isEqualTo(expected.keySet());
        expected.forEach(
                (group, value) ->
                        assertThat(found.get(group))
                                .as("%s of %s", metric, group)
                                .isCloseTo(value, within(1e-4)));
    }

    private static double metric(PipelineProcess pipeline, String name, String label)
            throws Exception {
        String text =
                new String(pipeline.request("/actuator/prometheus").body(), StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.startsWith(name) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
