package dev.millrace.api.rest;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.Pipelines;
import dev.millrace.api.state.StateWriter;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;

class RestTest {
    private static final Plan PLAN = Pipelines.shop();
    private static final List<String> NASTY =
            List.of("\"quoted\"", "__proto__", "a\\b", "é", "line\nbreak", "日本 🙂", "</script>");
    private static ApiServer server;
    private static StateWriter writer;

    @BeforeAll
    static void begin() throws Exception {
        writer = new StateWriter(PLAN, TestServers.redis().url());
        Instant now = Instant.now();
        writer.begin("era");
        writer.add("orders", now, 41).add("orders", now.minusSeconds(300), 20);
        NASTY.forEach(page -> writer.add("by_page", now, page, 5));
        writer.add("by_page", now, "/top", 9)
                .add("by_page", now, "\u0018", 7)
                .add("by_page_and_user", now, "/top\u001f\u0018", 2)
                .add("revenue", now, 1_250_000)
                .total("valid", 41)
                .total("rejected:missing", 2)
                .total("rejected:late", 1)
                .position("orders", 0, 44, now);
        for (int i = 0; i < 30; i++) {
            writer.deadLetter(
                    """
                    {"stream":"orders","topic":"orders","partition":0,"offset":%d,"at":"2026-11-21T10:42:00Z",
                     "reason":"Missing fields: ['user']","cause":"missing","event":"{}"}\
                    """
                            .formatted(i));
        }
        writer.flush();
        server = new ApiServer(PLAN, TestServers.redis().url());
        await(() -> server.json("/api/v1/metrics/orders").path("value").asInt() == 41);
    }

    @AfterAll
    static void end() {
        server.close();
        writer.close();
    }

    @Test
    void thePipelineIsDescribed() throws Exception {
        JsonNode pipeline = server.json("/api/v1/pipeline");
        assertThat(pipeline.path("title").asString()).isEqualTo("The shop");
        assertThat(pipeline.path("clock").asString()).isEqualTo("wall");
        JsonNode fields = pipeline.path("streams").path(0).path("fields");
        assertThat(fields.path(4))
                .isEqualTo(json("{'name':'paid','type':'boolean','required':false}"));
        assertThat(fields.path(6).path("enum")).isEqualTo(json("['web','app']"));
        assertThat(pipeline.path("panels").path(2))
                .isEqualTo(
                        json(
                                "{'metric':'by_page','title':'By page','kind':'ranking','window':'5m','windows':['5m']}"));
        assertThat(pipeline.path("panels").path(0).path("kind").asString()).isEqualTo("number");
    }

    @Test
    void metricsAreDescribed() throws Exception {
        JsonNode metrics = server.json("/api/v1/metrics").path("metrics");
        assertThat(metrics.path(3))
                .isEqualTo(
                        json(
                                "{'name':'by_page_and_user','title':'By page and user','measure':'count','of':null,"
                                        + "'by':['page','user'],'where':null,'unit':null,'from':'orders','windows':['5m'],'history':[]}"));
        assertThat(metrics.path(5).path("formula").asString()).isEqualTo("orders / clicks");
    }

    @Test
    void aMetricWithoutGroupsHasOnlyItsValue() throws Exception {
        JsonNode orders = server.json("/api/v1/metrics/orders");
        assertThat(orders.propertyNames())
                .containsExactly("metric", "window", "from", "to", "value");
        Instant from = Instant.parse(orders.path("from").asString());
        assertThat(Instant.parse(orders.path("to").asString())).isEqualTo(from.plusSeconds(300));
        assertThat(from.getEpochSecond() % 60).isZero();

        JsonNode all = server.json("/api/v1/metrics/orders?window=all&compare=previous");
        assertThat(all.path("value").asInt()).isEqualTo(61);
        assertThat(all.path("from").isNull()).isTrue();
        assertThat(all.path("previous").isNull()).isTrue();
        assertThat(server.json("/api/v1/metrics/orders?compare=previous").path("previous").asInt())
                .isEqualTo(20);
    }

    @Test
    void numbersAreWrittenPlainly() throws Exception {
        assertThat(server.get("/api/v1/metrics/revenue").body()).contains("\"value\":1.25");
        assertThat(server.get("/api/v1/metrics/conversion").body()).contains("\"value\":null");
    }

    @Test
    void groupsArePagedInAStableOrder() throws Exception {
        JsonNode all = server.json("/api/v1/metrics/by_page?limit=1000").path("groups");
        assertThat(all.path(0)).isEqualTo(json("{'key':'/top','value':9}"));
        assertThat(all.path(1)).isEqualTo(json("{'key':null,'value':7}"));
        List<String> keys =
                all.valueStream().skip(2).map(group -> group.path("key").asString()).toList();
        assertThat(keys).containsExactlyElementsOf(NASTY.stream().sorted().toList());
        JsonNode page = server.json("/api/v1/metrics/by_page?limit=3&offset=1");
        assertThat(page.path("groups").path(0)).isEqualTo(all.path(1));
        assertThat(page.path("groups").size()).isEqualTo(3);
        assertThat(page.path("totalGroups").asInt()).isEqualTo(9);
        assertThat(server.json("/api/v1/metrics/by_page?offset=99").path("groups").size()).isZero();
        assertThat(server.json("/api/v1/metrics/by_page_and_user?compare=previous").path("groups"))
                .isEqualTo(json("[{'key':['/top',null],'value':2,'previous':0}]"));
    }

    @Test
    void aSeriesHasAPointForEachBucket() throws Exception {
        JsonNode series = server.json("/api/v1/metrics/orders/series");
        assertThat(series.path("bucket").asString()).isEqualTo("1m");
        assertThat(series.path("points").size()).isEqualTo(5);
        assertThat(
                        series.path("points")
                                .valueStream()
                                .mapToLong(point -> point.path("value").asLong())
                                .sum())
                .isEqualTo(41);
        assertThat(series.path("points").path(0).path("t").asString()).endsWith(":00Z");
        assertThat(server.json("/api/v1/metrics/orders/series?window=all").path("points").size())
                .isZero();
    }

    @Test
    void deadLettersAndStatusAreToldOf() throws Exception {
        JsonNode letters = server.json("/api/v1/dead-letters");
        assertThat(letters.path("total").asInt()).isEqualTo(3);
        assertThat(letters.path("late").asInt()).isEqualTo(1);
        assertThat(letters.path("causes")).isEqualTo(json("{'late':1,'missing':2}"));
        assertThat(letters.path("recent").size()).isEqualTo(20);
        assertThat(letters.path("recent").path(0).path("offset").asInt()).isEqualTo(29);
        assertThat(letters.path("recent").path(0).path("reason").asString())
                .isEqualTo("Missing fields: ['user']");
        assertThat(letters.path("recent").path(0).path("cause").asString()).isEqualTo("missing");
        assertThat(letters.path("recent").path(0).path("element").isNull()).isTrue();
        assertThat(server.json("/api/v1/dead-letters?limit=1").path("recent").size()).isEqualTo(1);

        JsonNode status = server.json("/api/v1/status");
        assertThat(status.path("state").asString()).isEqualTo("live");
        assertThat(status.path("stateReason").isNull()).isTrue();
        assertThat(status.path("totals"))
                .isEqualTo(json("{'events':44,'valid':41,'invalid':3,'late':1}"));
        assertThat(status.path("positions"))
                .isEqualTo(json("[{'topic':'orders','partition':0,'offset':44}]"));
    }

    @Test
    void viewsHaveTheShapeOfTheManifest() throws Exception {
        JsonNode stats = server.json("/stats");
        assertThat(stats)
                .isEqualTo(
                        json(
                                "{'version':3,'nothing':null,'totals':{'orders':61,'revenue':1.25},'now_and_before':[41,20],"
                                        + "'conversion':null,'pages':[{'page':'/top','count':9,'before':0},{'page':null,'count':7,'before':0}]}"));
        assertThat(server.json("/stats?top=1").path("pages").size()).isEqualTo(1);
        assertThat(server.json("/stats?top=1000").path("pages").size()).isEqualTo(9);
        assertThat(server.get("/stats").headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    404 | /api/v1/metrics/order                     | There is no metric "order"; did you mean "orders"?
                    404 | /api/v1/metrics/zzzzzzzzz                 | there is "orders", "clicks"
                    404 | /api/v1/metrics/%E2%82%AC%22              | There is no metric "€""
                    404 | /api/v1/metrics/order/series              | did you mean "orders"?
                    400 | /api/v1/metrics/orders?window=10m         | no window "10m"; write one of: 5m, all
                    400 | /api/v1/metrics/orders?window=            | no window ""
                    400 | /api/v1/metrics/orders/series?window=1h   | write one of: 5m, all
                    400 | /api/v1/metrics/by_page?limit=0           | "limit" is "0"; write a whole number from 1 to 1000
                    400 | /api/v1/metrics/by_page?limit=1001        | from 1 to 1000
                    400 | /api/v1/metrics/by_page?limit=ten         | "limit" is "ten"
                    400 | /api/v1/metrics/by_page?limit=99999999999999999999 | from 1 to 1000
                    400 | /api/v1/metrics/by_page?offset=-1         | "offset" is "-1"; write a whole number from 0 on
                    400 | /api/v1/metrics/by_page?compare=next      | "compare" is "next"; write previous
                    400 | /api/v1/dead-letters?limit=101            | from 1 to 100
                    400 | /stats?top=0                              | "top" is "0"; write a whole number from 1 to 1000
                    400 | /stats/stream?top=x                       | "top" is "x"
                    404 | /nothing/here                             | There is nothing at /nothing/here
                    404 | /api/v1                                   | There is nothing at /api/v1
                    """)
    void mistakesAreExplained(int status, String path, String detail) throws Exception {
        HttpResponse<String> response = server.get(path);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        JsonNode problem = JsonMapper.shared().readTree(response.body());
        assertThat(problem.path("detail").asString()).contains(detail);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asString()).isEqualTo("about:blank");
        assertThat(problem.path("title").asString()).isNotEmpty();
    }

    @Test
    void otherMethodsAreRefused() throws Exception {
        HttpResponse<String> response = server.post("/api/v1/metrics");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET");
        assertThat(response.body()).contains("does not take POST; use GET");
        assertThat(server.post("/stats").statusCode()).isEqualTo(405);
    }

    @Test
    void largeAnswersAreCompressedAndNothingIsFramedOrSniffed() throws Exception {
        HttpResponse<String> response = server.get("/openapi.json", "Accept-Encoding", "gzip");
        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'");
    }

    @Test
    void itIsReadyOnceRedisWasRead() throws Exception {
        HttpResponse<String> response = server.get("/actuator/health/readiness");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("apiReadiness").contains("\"state\":\"live\"");
        assertThat(server.get("/actuator/prometheus").body())
                .contains(
                        "millrace_api_tick_seconds_count",
                        "millrace_api_snapshot_age_seconds ",
                        "millrace_api_buckets");
    }

    @Test
    void theRootLeadsToTheDashboard() throws Exception {
        for (String path : List.of("/", "/dashboard")) {
            HttpResponse<String> response = server.get(path);
            assertThat(response.statusCode()).isEqualTo(302);
            assertThat(response.headers().firstValue("Location")).hasValue("/dashboard/");
        }
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
