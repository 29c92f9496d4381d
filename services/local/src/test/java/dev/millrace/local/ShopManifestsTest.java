package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.embedded.FreePorts;
import dev.millrace.testing.Patience;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The manifests of orders and of a storefront, as shipped, against sums made here. */
class ShopManifestsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int EVENTS = 2_000;
    private static final int USERS = 1_500;
    private static final double NOTHING = 1e-9;

    @TempDir Path folder;

    @Test
    void ordersAreCountedAndPushedOverAKill() throws Exception {
        Random random = new Random(5);
        Path data = folder.resolve("data");
        int port = FreePorts.one();
        BigDecimal revenue = BigDecimal.ZERO;
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            BigDecimal amount = BigDecimal.valueOf(100 + random.nextInt(50_000), 2);
            revenue = revenue.add(amount);
            orders.add(order(i, random.nextInt(200), amount.toString()));
        }
        List<String> broken = List.of(order(-1, 1, "\"much\""), "{\"event\":\"order_created\"}");

        try (PipelineProcess pipeline = start("orders", data, port)) {
            post(pipeline, orders.subList(0, EVENTS / 2));
            await(pipeline, "/stats", "total_orders", EVENTS / 2);
            pipeline.kill();
        }
        try (PipelineProcess pipeline = start("orders", data, port)) {
            post(pipeline, orders.subList(EVENTS / 2, EVENTS));
            post(pipeline, broken);
            pipeline.awaitStatus(
                    now ->
                            now.path("totals").path("invalid").asInt() == broken.size()
                                    && now.path("totals").path("valid").asInt() == EVENTS);
            JsonNode stats = await(pipeline, "/stats", "total_orders", EVENTS);
            assertThat(stats.path("total_revenue").asDouble())
                    .isCloseTo(revenue.doubleValue(), within(NOTHING));
            assertThat(stats.path("average_order").asDouble())
                    .isCloseTo(revenue.doubleValue() / EVENTS, within(1e-6));
            assertThat(firstEvent(pipeline, "/stats/stream")).isEqualTo(stats);
            JsonNode hour = pipeline.get("/api/v1/metrics/orders?window=1h");
            JsonNode day = pipeline.get("/api/v1/metrics/orders?window=day");
            assertThat(hour.path("value").asInt()).isEqualTo(EVENTS);
            // the day may have begun anew meanwhile
            assertThat(day.path("value").asInt()).isLessThanOrEqualTo(EVENTS);
            assertThat(Instant.parse(day.path("from").asString()).toEpochMilli() % 86_400_000)
                    .isZero();
        }
    }

    private static String order(int number, int customer, String amount) {
        return "{\"event\":\"order_created\",\"order_id\":\"o-%d\",\"customer_id\":\"c-%d\",\"channel\":\"web\",\"amount\":%s,\"created_at\":\"%s\"}"
                .formatted(number, customer, amount, Instant.now());
    }

    @Test
    void theStorefrontsNumbersArePushedToASocket() throws Exception {
        Random random = new Random(6);
        List<String> types = List.of("productview", "addtobasket", "removefrombasket", "purchase");
        Map<String, Integer> byType = new HashMap<>();
        Map<String, Integer> bought = new HashMap<>();
        Set<Integer> shoppers = new HashSet<>();
        long basketCents = 0;
        List<String> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            String type = types.get(random.nextBoolean() ? 0 : random.nextInt(4));
            int cents = 100 + random.nextInt(10_000);
            String product = "product-" + random.nextInt(20);
            int user = random.nextInt(USERS);
            shoppers.add(user);
            byType.merge(type, 1, Integer::sum);
            if (type.equals("purchase")) {
                bought.merge(product, 1, Integer::sum);
            }
            basketCents += type.equals("addtobasket") ? cents : 0;
            basketCents -= type.equals("removefrombasket") ? cents : 0;
            events.add(
                    "{\"type\":\"%s\",\"user\":\"u-%d\",\"visit\":\"v\",\"product\":\"%s\",\"category\":\"hats\",\"price\":%d.%02d,\"at\":\"%s\"}"
                            .formatted(
                                    type, user, product, cents / 100, cents % 100, Instant.now()));
        }

        try (PipelineProcess pipeline =
                start("storefront", folder.resolve("data"), FreePorts.one())) {
            post(pipeline, events);
            pipeline.awaitStatus(now -> now.path("totals").path("valid").asInt() == EVENTS);
            JsonNode statistics =
                    await(
                            pipeline,
                            "/api/statistics",
                            "purchases",
                            byType.getOrDefault("purchase", 0));
            assertThat(statistics.path("views").asInt()).isEqualTo(byType.get("productview"));
            assertThat(statistics.path("addedToBasket").asInt())
                    .isEqualTo(byType.get("addtobasket"));
            assertThat(statistics.path("removedFromBasket").asInt())
                    .isEqualTo(byType.get("removefrombasket"));
            assertThat(statistics.path("conversion").asDouble())
                    .isCloseTo(
                            (double) byType.get("purchase") / byType.get("productview"),
                            within(1e-6));
            assertThat(statistics.path("basketValue").asDouble())
                    .isCloseTo(basketCents / 100.0, within(1e-6));
            JsonNode top = statistics.path("topProducts");
            assertThat(top.size()).isEqualTo(10);
            int most = bought.values().stream().max(Comparator.naturalOrder()).orElseThrow();
            assertThat(top.get(0).path("purchases").asInt()).isEqualTo(most);
            top.forEach(
                    each ->
                            assertThat(each.path("purchases").asInt())
                                    .isEqualTo(bought.get(each.path("product").asString())));

            JsonNode counted = pipeline.get("/api/v1/metrics/shoppers?window=1h");
            assertThat(counted.path("estimated").asBoolean()).isTrue();
            double error = counted.path("error").asDouble();
            assertThat(error).isBetween(0.008, 0.009);
            // these events are the same in every run, so this is no gamble
            assertThat(counted.path("value").asDouble())
                    .isCloseTo(shoppers.size(), within(3 * error * shoppers.size()));

            // through the topic, where they come a moment later
            JsonNode[] frame = {null};
            Patience.await()
                    .until(
                            () -> {
                                frame[0] = firstFrame(pipeline);
                                JsonNode data = frame[0].path("data");
                                return data.path("through").asString().equals("stats")
                                        && data.path("totals").path("valid").asInt() == EVENTS;
                            });
            assertThat(frame[0].path("event").asString()).isEqualTo("snapshot");
            assertThat(frame[0].path("data").path("metrics"))
                    .filteredOn(
                            entry ->
                                    entry.path("metric").asString().equals("views")
                                            && entry.path("window").asString().equals("1h"))
                    .singleElement()
                    .satisfies(
                            entry ->
                                    assertThat(entry.path("value").asInt())
                                            .isEqualTo(byType.get("productview")));
        }
    }

    private PipelineProcess start(String name, Path data, int port) throws Exception {
        return PipelineProcess.start(
                folder, data, Path.of("../../k8s/" + name + ".yaml"), port, "--no-generator");
    }

    private static void post(PipelineProcess pipeline, List<String> events) throws Exception {
        HttpResponse<String> response =
                CLIENT.send(
                        HttpRequest.newBuilder(
                                        URI.create(pipeline.address("api") + "/api/v1/events"))
                                .header("Content-Type", "application/x-ndjson")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                String.join("\n", events)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    }

    private static JsonNode await(PipelineProcess pipeline, String view, String field, int value)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(240);
        while (true) {
            JsonNode answer = pipeline.get(view);
            if (answer.path(field).asInt() == value) {
                return answer;
            }
            assertThat(System.nanoTime()).as("%s so far: %s", view, answer).isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    private static JsonNode firstEvent(PipelineProcess pipeline, String path) throws Exception {
        URI uri = URI.create(pipeline.address("api") + path);
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(uri.toURL().openStream(), StandardCharsets.UTF_8))) {
            String line;
            do {
                line = lines.readLine();
            } while (!line.startsWith("data: "));
            return JSON.readTree(line.substring("data: ".length()));
        }
    }

    private static JsonNode firstFrame(PipelineProcess pipeline) throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        WebSocket socket =
                CLIENT.newWebSocketBuilder()
                        .buildAsync(
                                URI.create(
                                        pipeline.address("api").replaceFirst("^http", "ws")
                                                + "/api/v1/socket"),
                                new WebSocket.Listener() {
                                    @Override
                                    public CompletionStage<?> onText(
                                            WebSocket from, CharSequence part, boolean last) {
                                        text.append(part);
                                        if (last) {
                                            first.complete(text.toString());
                                        }
                                        from.request(1);
                                        return null;
                                    }
                                })
                        .get(30, TimeUnit.SECONDS);
        try {
            return JSON.readTree(first.get(30, TimeUnit.SECONDS));
        } finally {
            socket.abort();
        }
    }
}
