package dev.millrace.api.history;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.state.StateWriter;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** History on real servers: written from Redis, read from Mongo. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HistoryTest {
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: shop}
                    spec:
                      streams:
                        - name: orders
                          fields: {at: {type: timestamp}, user: {type: string}, page: {type: string, optional: true}, price: {type: number}, city: {type: string}}
                          time: at
                      metrics:
                        - {name: orders, measure: count, windows: [2h, all]}
                        - {name: revenue, measure: sum, of: price, window: 2h, unit: USD}
                        - {name: by_page, measure: count, by: page, window: 2h}
                        - {name: by_both, measure: sum, of: price, by: 'page, city', window: 2h}
                        - {name: price, measure: average, of: price, window: 2h}
                        - {name: dearest, measure: max, of: price, window: 2h}
                        - {name: prices, measure: percentiles, of: price, window: 2h}
                        - {name: users, measure: unique, of: user, window: 2h}
                        - {name: users_by_page, measure: unique, of: user, by: page, window: 2h}
                        - {name: daily, measure: count, window: 30d}
                        - {name: ever, measure: count, window: all}
                        - {name: spent, formula: 'revenue / orders'}
                        - {name: now, measure: latest, key: user}
                      history: {groups: 3}
                    """);

    /** In one hour of UTC, an hour ago, so that no test stands between two hours. */
    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minusSeconds(3_600);

    private EmbeddedRedis redis;
    private EmbeddedMongo mongo;
    private StateWriter writer;
    private ApiServer server;

    @BeforeAll
    void write(@TempDir Path folder) throws Exception {
        redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "history");
        writer = new StateWriter(PLAN, redis.url());
        writer.begin("era-1");
        for (int minute = 0; minute < 3; minute++) {
            Instant at = at(10 + minute);
            writer.add("orders", at, 2);
            writer.add("daily", at, 2);
            writer.add("ever", at, 2);
            writer.add("revenue", at, 3_500_000L);
            writer.add("by_page", at, "/", 5);
            writer.add("by_page", at, "\u0018", 4);
            writer.add("by_page", at, "/a", 3);
            // the bucket had no room for more groups
            writer.add("by_page", at, "\u0019", 1);
            writer.add("by_both", at, "/\u001fRome", 1_000_000L);
            writer.field("price", at, "sum", 3_500_000L);
            writer.field("price", at, "count", 2);
            writer.set("dearest", at, 2_000_000L + minute);
            writer.numbers("prices", at, null, 1_500_000L, 2_000_000L);
            writer.member("users", at, "ann").member("users", at, "user-" + minute);
            writer.member("users_by_page", at, "/", "ann");
            writer.member("users_by_page", at, "/", "user-" + minute);
        }
        writer.total("valid", 6).flush();
        server =
                new ApiServer(
                        PLAN,
                        redis.url(),
                        "--spring.mongodb.uri=" + mongo.uri(),
                        "history.every=100ms",
                        "history.share=1");
        awaitCurrent();
    }

    @AfterAll
    void close() {
        if (server != null) {
            server.close();
        }
        writer.close();
        redis.close();
        mongo.close();
    }

    private Instant at(int minute) {
        return hour.plus(minute, ChronoUnit.MINUTES);
    }

    /** Until all that is flushed now is in Mongo. */
    private void awaitCurrent() {
        Instant now = Instant.now();
        await(
                () -> {
                    JsonNode history = server.json("/api/v1/status").path("history");
                    return history.path("asOf").isString()
                            && Instant.parse(history.path("asOf").asString()).isAfter(now);
                });
    }

    private JsonNode history(String metric, String query) throws Exception {
        return server.json(
                "/api/v1/metrics/%s/history?from=%s&to=%s%s"
                        .formatted(metric, hour, hour.plusSeconds(3_600), query));
    }

    private static List<String> values(JsonNode history) {
        return history.path("points")
                .valueStream()
                .map(point -> point.path("value").toString())
                .toList();
    }

    @Test
    void minutesHoursAndDaysHaveTheNumbersOfTheirEvents() throws Exception {
        JsonNode minutes = history("orders", "&step=minute");
        assertThat(minutes.path("points")).hasSize(60);
        assertThat(values(minutes).subList(9, 14)).containsExactly("null", "2", "2", "2", "0");
        assertThat(minutes.path("value").asInt()).isEqualTo(6);
        assertThat(minutes.path("step").asString()).isEqualTo("minute");
        assertThat(minutes.path("asOf").isString()).isTrue();

        assertThat(values(history("orders", "&step=hour"))).containsExactly("6");
        assertThat(values(history("orders", "&step=day"))).containsExactly("6");
        assertThat(values(history("daily", "&step=day"))).containsExactly("6");
        assertThat(values(history("revenue", "&step=hour"))).containsExactly("10.5");
        assertThat(history("revenue", "").path("unit").asString()).isEqualTo("USD");
        assertThat(values(history("dearest", "&step=hour"))).containsExactly("2.000002");
        assertThat(values(history("spent", "&step=hour"))).containsExactly("1.75");
        assertThat(values(history("spent", "&step=minute")).subList(10, 14))
                .containsExactly("1.75", "1.75", "1.75", "null");

        JsonNode price = history("price", "&step=hour");
        assertThat(values(price)).containsExactly("1.75");
        assertThat(price.path("points").get(0).path("count").asInt()).isEqualTo(6);
        JsonNode prices = history("prices", "&step=hour").path("percentiles");
        assertThat(prices.path("count").asInt()).isEqualTo(6);
        assertThat(prices.path("average").asDouble()).isEqualTo(1.75);
        assertThat(prices.path("max").asInt()).isEqualTo(2);
    }

    @Test
    void differentValuesAreExactInAMinuteAndEstimatedOverSeveral() throws Exception {
        JsonNode minutes = history("users", "&step=minute");
        assertThat(values(minutes).subList(10, 13)).containsExactly("2", "2", "2");
        assertThat(minutes.path("points").get(10).has("estimated")).isFalse();
        JsonNode hours = history("users", "&step=hour");
        assertThat(values(hours)).containsExactly("4");
        assertThat(hours.path("points").get(0).path("estimated").asBoolean()).isTrue();
        assertThat(hours.path("error").asDouble()).isEqualTo(0.0115);
        assertThat(values(history("users_by_page", "&step=hour&group=/"))).containsExactly("4");
    }

    @Test
    void theHighestGroupsAreKeptAndTheRestIsOneNumber() throws Exception {
        JsonNode pages = history("by_page", "&step=hour&limit=2");
        assertThat(pages.path("value").asInt()).isEqualTo(39);
        assertThat(pages.path("groups").toString())
                .isEqualTo("[{\"key\":\"/\",\"value\":15},{\"key\":null,\"value\":12}]");
        assertThat(pages.path("totalGroups").asInt()).isEqualTo(3);
        assertThat(pages.path("groupsKept").asInt()).isEqualTo(3);
        assertThat(pages.path("other").asInt()).isEqualTo(3);

        assertThat(values(history("by_page", "&step=hour&group=/a"))).containsExactly("9");
        assertThat(values(history("by_page", "&step=hour&group=%18"))).containsExactly("12");
        assertThat(values(history("by_page", "&step=minute&group=/1")).subList(10, 14))
                .as("may be among the others")
                .containsExactly("null", "null", "null", "0");
        JsonNode both = history("by_both", "&step=hour&group=/&group=Rome");
        assertThat(values(both)).containsExactly("3");
        assertThat(both.path("group").toString()).isEqualTo("[\"/\",\"Rome\"]");
    }

    @Test
    void aLateEventCorrectsItsMinuteAndItsHour() throws Exception {
        writer.set("dearest", at(40), 9_000_000L).flush();
        awaitCurrent();
        assertThat(history("dearest", "&step=minute").path("points").get(40).path("value").asInt())
                .isEqualTo(9);
        assertThat(values(history("dearest", "&step=hour"))).containsExactly("9");
        writer.set("dearest", at(40), 1_000_000L).flush();
        awaitCurrent();
        assertThat(values(history("dearest", "&step=hour"))).containsExactly("2.000002");
    }

    @Test
    void linesOfCsv() throws Exception {
        HttpResponse<String> csv =
                server.get(
                        "/api/v1/metrics/users/history?step=minute&from=%s&to=%s"
                                .formatted(at(9), at(12)),
                        "Accept",
                        "text/csv");
        assertThat(csv.headers().firstValue("content-type")).hasValue("text/csv;charset=UTF-8");
        assertThat(csv.headers().firstValue("content-disposition"))
                .hasValue("attachment; filename=\"users-minute.csv\"");
        assertThat(csv.body())
                .isEqualTo(
                        "time,value,estimated\r\n%s,,false\r\n%s,2,false\r\n%s,2,false\r\n"
                                .formatted(at(9), at(10), at(11)));
        assertThat(server.get("/api/v1/metrics/prices/history?format=csv&step=hour").body())
                .startsWith("time,value,count,min,p50,average,p75,p90,p95,p99,max\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    orders  | from=yesterday                        | 400 | The parameter \\"from\\" is \\"yesterday\\"; write a time in ISO-8601
                    orders  | to=2026-13-01                         | 400 | The parameter \\"to\\"
                    orders  | step=second                           | 400 | write minute, hour or day
                    daily   | step=hour                             | 400 | write day; windows of the metric \\"daily\\" are made of nothing shorter, and one of up to 7d
                    orders  | from=2026-11-02&to=2026-11-01         | 400 | The parameter \\"to\\" is \\"2026-11-01\\"; write a time after from
                    orders  | from=2026-01-01&to=2026-11-01&step=minute | 400 | write a longer step or a shorter range, for this range has 437760
                    orders  | group=x                               | 400 | has no groups
                    by_both | group=x                               | 400 | write it 2 times, once for each of: page, city
                    by_page | limit=0                               | 400 | The parameter \\"limit\\"
                    by_page | format=xml                            | 400 | write json or csv
                    ever    | step=hour                             | 404 | all of its windows are \\"all\\"; add one such as 1h
                    now     | step=hour                             | 404 | /api/v1/metrics/now/rows has them
                    order   | step=hour                             | 404 | did you mean \\"orders\\"
                    """)
    void whatCannotBeAnsweredIsToldWithTheFix(
            String metric, String query, int status, String detail) throws Exception {
        HttpResponse<String> answer =
                server.get("/api/v1/metrics/%s/history?%s".formatted(metric, query));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("application/problem+json");
        assertThat(answer.body()).contains(detail);
    }

    @Test
    void aRangeHasAStepThatFitsIt() throws Exception {
        assertThat(server.json("/api/v1/metrics/orders/history").path("points")).hasSize(24);
        assertThat(step("from=2026-11-01&to=2026-11-01T02:00:00%2B01:00")).isEqualTo("minute");
        assertThat(step("from=2026-11-01&to=2026-11-08")).isEqualTo("hour");
        assertThat(step("from=2026-01-01&to=2026-11-08")).isEqualTo("day");
    }

    private String step(String query) throws Exception {
        return server.json("/api/v1/metrics/orders/history?" + query).path("step").asString();
    }

    @Test
    void metersTellHowFarItIs() throws Exception {
        String meters = server.get("/actuator/prometheus").body();
        assertThat(meters)
                .contains("millrace_history_lag_seconds ")
                .contains("millrace_history_written_total{step=\"minute\"}")
                .contains("millrace_history_failures_total 0.0")
                .contains("millrace_history_pending ");
    }
}
