package dev.millrace.api;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.state.RecordWriter;
import dev.millrace.api.state.StateWriter;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Instant;

/** A stopped Redis: what the audit goes on to record is in the answers. */
class AuditAnswersTest {
    private static final String[] OFTEN = {
        "history.every=100ms", "history.lease=2s", "recount.every=100ms", "recount.share=1"
    };

    private final Instant now = Instant.now();

    private static Plan plan(String history, String audit) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: shop}
                spec:
                  history: {enabled: %s}
                  audit: {%s}
                  streams:
                    - {name: orders, fields: {at: {type: timestamp}, user: {type: string}, page: {type: string}}, time: at}
                  metrics:
                    - {name: orders, measure: count, windows: [1h, all]}
                    - {name: by_page, measure: count, by: page, window: 1h}
                    - {name: users, measure: unique, of: user, window: 1h}
                    - {name: per_user, formula: 'orders / users'}
                  views:
                    - {path: /stats, body: {orders: {metric: orders, window: all}}}
                """
                        .formatted(history, audit));
    }

    /** As many orders, counted in Redis where there is a writer of it, and recorded. */
    private void order(StateWriter state, RecordWriter records, int count, String page) {
        Instant at = Instant.now();
        record(records, at, count, page);
        if (state != null) {
            for (int i = 0; i < count; i++) {
                state.add("orders", at, 1).add("by_page", at, page, 1).member("users", at, user(i));
            }
            state.total("valid", count)
                    .position("orders", 0, records.ends().get("orders:0"), at)
                    .flush();
        }
    }

    private static String user(int i) {
        return "user-" + i;
    }

    private static void record(RecordWriter records, Instant at, int count, String page) {
        for (int i = 0; i < count; i++) {
            String order = "{\"at\":\"%s\",\"user\":\"%s\",\"page\":\"%s\"}";
            assertThat(records.add("orders", 0, at, order.formatted(at, user(i), page))).isTrue();
        }
        records.flush();
    }

    @Test
    void anInstanceThatHasReadRedisGoesOnFromThere(@TempDir Path folder) throws Exception {
        // so that only what was read of Redis tells the windows over all time
        Plan plan = plan("false", "retention: 7d");
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
                EmbeddedMongo mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "shop");
                RecordWriter records = new RecordWriter(plan, mongo.uri(), "shop")) {
            try (StateWriter state = new StateWriter(plan, redis.url())) {
                state.begin("era-1");
                order(state, records, 6, "/");
            }
            try (ApiServer server = server(plan, redis, mongo)) {
                await(() -> value(server, "orders", "all") == 6);
                redis.stop();
                await(() -> state(server).equals("degraded"));
                assertThat(value(server, "orders", "all")).as("before anything comes").isEqualTo(6);

                order(null, records, 4, "/new");
                await(() -> value(server, "orders", "all") == 10);
                JsonNode orders = server.json("/api/v1/metrics/orders?window=1h");
                assertThat(orders.path("value").asInt()).isEqualTo(10);
                assertThat(orders.path("degradedReason").asString())
                        .contains("Redis does not answer", "what the audit has recorded")
                        .doesNotContain("not all is counted");
                assertThat(Instant.parse(orders.path("asOf").asString())).isAfter(now);
                assertThat(server.json("/api/v1/metrics/by_page").path("groups").toString())
                        .isEqualTo("[{\"key\":\"/\",\"value\":6},{\"key\":\"/new\",\"value\":4}]");
                assertThat(value(server, "users", "1h")).isEqualTo(6);
                assertThat(server.json("/api/v1/metrics/per_user").path("value").asDouble())
                        .isEqualTo(10.0 / 6);
                JsonNode status = server.json("/api/v1/status");
                assertThat(status.path("totals").path("valid").asInt()).isEqualTo(10);
                assertThat(status.path("positions").path(0).path("offset").asInt()).isEqualTo(10);
                assertThat(server.get("/stats").body()).isEqualTo("{\"orders\":10}");
                assertThat(server.get("/stats").headers().firstValue("Millrace-Degraded"))
                        .isPresent();

                order(null, records, 1, "/new");
                await(() -> value(server, "orders", "all") == 11);

                redis.restart();
                await(() -> state(server).equals("live"));
                assertThat(value(server, "orders", "all"))
                        .as("Redis tells what is counted, until the processor goes on")
                        .isEqualTo(6);
            }
        }
    }

    @Test
    void anInstanceThatHasNotReadRedisCountsWhatIsRecorded(@TempDir Path folder) throws Exception {
        Plan plan = plan("false", "");
        try (EmbeddedMongo mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "shop");
                RecordWriter records = new RecordWriter(plan, mongo.uri(), "shop")) {
            order(null, records, 5, "/");
            try (ApiServer server = server(plan, null, mongo)) {
                await(() -> value(server, "orders", "1h") == 5);
                assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
                assertThat(value(server, "orders", "all"))
                        .as("the audit keeps all records")
                        .isEqualTo(5);
                assertThat(value(server, "users", "1h")).isEqualTo(5);
                order(null, records, 3, "/");
                await(() -> value(server, "orders", "all") == 8);
            }
        }
    }

    @Test
    void whereThereAreTooManyRecordsHistoryGivesWhatHasNotChanged(@TempDir Path folder)
            throws Exception {
        Plan plan = plan("true", "");
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
                EmbeddedMongo mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "shop");
                RecordWriter records = new RecordWriter(plan, mongo.uri(), "shop")) {
            Instant earlier = now.minusSeconds(1_200);
            try (StateWriter state = new StateWriter(plan, redis.url())) {
                state.begin("era-1");
                // many more than are recorded of that time: so one sees where they come from
                state.add("orders", earlier, 1_000).add("by_page", earlier, "/old", 1_000);
                state.total("valid", 1_000);
                record(records, earlier, 30, "/old");
                order(state, records, 40, "/");
            }
            try (ApiServer first = server(plan, redis, mongo)) {
                await(() -> pastOrders(first) == 1_040);
            }
            redis.stop();
            order(null, records, 7, "/new");
            try (ApiServer server = server(plan, redis, mongo, "recount.records=60")) {
                await(() -> value(server, "orders", "1h") == 1_047);
                JsonNode orders = server.json("/api/v1/metrics/orders?window=1h");
                assertThat(orders.path("degradedReason").asString())
                        .contains("more than 60 of them", "history has a part");
                assertThat(value(server, "orders", "all")).isEqualTo(1_047);
                assertThat(server.json("/api/v1/metrics/by_page").path("groups").toString())
                        .contains(
                                "\"/old\",\"value\":1000",
                                "\"/\",\"value\":40",
                                "\"/new\",\"value\":7");
                assertThat(value(server, "users", "1h")).isEqualTo(40);
                assertThat(server.json("/api/v1/status").path("totals").path("valid").asInt())
                        .isEqualTo(1_047);
                order(null, records, 2, "/new");
                await(() -> value(server, "orders", "1h") == 1_049);
                assertThat(value(server, "orders", "all")).isEqualTo(1_049);
            }
            try (ApiServer server = server(plan, redis, mongo, "recount.records=3")) {
                await(
                        () ->
                                server.json("/api/v1/status")
                                        .path("degradedReason")
                                        .asString("")
                                        .contains("more than 3 of them"));
                assertThat(value(server, "orders", "1h")).as("history as it is").isEqualTo(1_040);
            }
        }
    }

    private int pastOrders(ApiServer server) throws Exception {
        return server.json("/api/v1/status").path("history").path("asOf").isString()
                ? server.json(
                                "/api/v1/metrics/orders/history?step=minute&from="
                                        + now.minusSeconds(3_600))
                        .path("value")
                        .asInt()
                : 0;
    }

    private static ApiServer server(
            Plan plan, EmbeddedRedis redis, EmbeddedMongo mongo, String... more) {
        String[] settings = new String[OFTEN.length + more.length + 1];
        System.arraycopy(OFTEN, 0, settings, 0, OFTEN.length);
        System.arraycopy(more, 0, settings, OFTEN.length, more.length);
        settings[settings.length - 1] = "--spring.mongodb.uri=" + mongo.uri();
        return new ApiServer(plan, redis == null ? "redis://127.0.0.1:1" : redis.url(), settings);
    }

    private static String state(ApiServer server) throws Exception {
        return server.json("/api/v1/status").path("state").asString();
    }

    private static int value(ApiServer server, String metric, String window) throws Exception {
        return server.json("/api/v1/metrics/%s?window=%s".formatted(metric, window))
                .path("value")
                .asInt(-1);
    }
}
