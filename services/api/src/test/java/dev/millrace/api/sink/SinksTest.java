package dev.millrace.api.sink;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.sink.FakeInflux.Answer;
import dev.millrace.api.state.StateWriter;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Sinks on real servers: from Redis, with progress in Mongo, to QuestDB and a server that fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SinksTest {
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
                          fields: {at: {type: timestamp}, page: {type: string, optional: true}, price: {type: number}}
                          time: at
                      metrics:
                        - {name: orders, measure: count, windows: [2h, 24h]}
                        - {name: by_page, measure: sum, of: price, by: page, window: 2h}
                        - {name: pages, measure: sum, of: price, by: page, window: 2h}
                        - {name: ever, measure: count, window: all}
                      sinks:
                        - influxdb: {url: 'http://influxdb:8086', org: shop, bucket: metrics}
                        - {name: quest, influxdb: {url: 'http://questdb:9000', database: shop, metrics: [pages], precision: ms}}
                    """);

    private final Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minusSeconds(3_600);

    private EmbeddedRedis redis;
    private QuestDb quest;
    private FakeInflux influx;
    private EmbeddedMongo mongo;
    private StateWriter writer;
    private ApiServer server;
    private int databases;

    @BeforeAll
    void startServers(@TempDir Path folder) throws Exception {
        redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "sinks");
        quest = new QuestDb(folder.resolve("quest"));
    }

    @BeforeEach
    void start() throws Exception {
        influx = new FakeInflux();
        writer = new StateWriter(PLAN, redis.url());
        writer.begin("era-1");
        writer.add("orders", at(10), 2).add("orders", at(11), 3);
        writer.position("orders", 0, 10, at(11)).total("valid", 5).flush();
        databases++;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        writer.close();
        influx.close();
    }

    @AfterAll
    void stopServers() throws Exception {
        quest.close();
        redis.close();
        mongo.close();
    }

    private Instant at(int minute) {
        return hour.plus(minute, ChronoUnit.MINUTES);
    }

    private void serve(boolean withMongo) {
        String uri = mongo.uri().replace("/sinks", "/sinks" + databases);
        server =
                new ApiServer(
                        PLAN,
                        redis.url(),
                        "--spring.mongodb.uri=" + (withMongo ? uri : ""),
                        "--millrace.sink.influxdb.url=" + influx.url(),
                        "--millrace.sink.influxdb.token=t0ken",
                        "--millrace.sink.quest.url=" + quest.url(),
                        "history.every=100ms",
                        "history.share=1",
                        "sinks.every=100ms",
                        "sinks.share=1");
    }

    private JsonNode sink(int which) throws Exception {
        return server.json("/api/v1/status").path("sinks").path(which);
    }

    /** Until the sinks, and history, have all that is flushed now. */
    private void awaitCurrent() {
        Instant now = Instant.now();
        await(
                () -> {
                    JsonNode status = server.json("/api/v1/status");
                    return isAfter(status.path("sinks").path(0), now)
                            && isAfter(status.path("sinks").path(1), now)
                            && (status.path("history").path("waiting").isString()
                                    || isAfter(status.path("history"), now));
                });
    }

    private static boolean isAfter(JsonNode part, Instant time) {
        return part.path("asOf").isString()
                && Instant.parse(part.path("asOf").asString()).isAfter(time);
    }

    private String orders(int minute) {
        return influx.points().get("orders " + at(minute).getEpochSecond());
    }

    @Test
    void aRealServerHasEachPointOnceAndCorrectionsReplaceIt() throws Exception {
        assertThat(
                        quest.query(
                                        "CREATE TABLE pages (page SYMBOL, value DOUBLE, timestamp TIMESTAMP)"
                                                + " TIMESTAMP(timestamp) PARTITION BY DAY WAL"
                                                + " DEDUP UPSERT KEYS(timestamp, page)")
                                .path("ddl")
                                .asString())
                .isEqualTo("OK");
        writer.add("pages", at(20), "/a b,c=\"d\"", 1_500_000L);
        writer.add("pages", at(20), "\u0018", 2_000_000L);
        writer.add("pages", at(21), "größe\n", 250_000L).flush();
        serve(true);
        awaitCurrent();
        String wanted =
                "[[\"%s\",null,2.0],[\"%s\",\"/a b,c=\\\"d\\\"\",1.5],[\"%s\",\"größe%%0A\",0.25]]"
                        .formatted(at(20), at(20), at(21));
        awaitQuest(wanted);

        writer.add("pages", at(20), "\u0018", 3_000_000L).flush();
        awaitCurrent();
        awaitQuest(wanted.replace("2.0", "5.0"));
        assertThat(sink(1).path("points").asInt()).isGreaterThanOrEqualTo(4);
        assertThat(server.get("/actuator/prometheus").body())
                .contains("millrace_sink_lag_seconds{sink=\"quest\"}")
                .contains("millrace_sink_points_total{sink=\"quest\"}")
                .contains("millrace_sink_refused_total{sink=\"influxdb\"} 0.0")
                .contains("millrace_sink_failures_total{sink=\"influxdb\"} 0.0")
                .contains("millrace_sink_pending{sink=\"influxdb\"} 0.0");
    }

    private void awaitQuest(String rows) {
        await(
                () -> {
                    JsonNode found =
                            quest.query(
                                            "SELECT to_str(timestamp, 'yyyy-MM-ddTHH:mm:ssZ') AS t, page, value"
                                                    + " FROM pages ORDER BY timestamp, page")
                                    .path("dataset");
                    return found.toString().equals(rows);
                });
    }

    @Test
    void onlyWhatHasChangedIsWrittenAlsoByTheNextProcess() throws Exception {
        serve(true);
        awaitCurrent();
        assertThat(influx.points())
                .as("minutes, and neither hours nor everything")
                .hasSize(2)
                .containsEntry("orders " + at(10).getEpochSecond(), "value=2i");
        assertThat(influx.requests().getFirst().query())
                .isEqualTo("/api/v2/write?org=shop&bucket=metrics&precision=s");
        assertThat(influx.requests().getFirst().authorization()).isEqualTo("Token t0ken");

        server.close();
        int before = influx.requests().size();
        serve(true);
        writer.add("orders", at(12), 4).flush();
        awaitCurrent();
        assertThat(influx.requests().subList(before, influx.requests().size()))
                .extracting(FakeInflux.Request::body)
                .allMatch(
                        body ->
                                body.lines()
                                        .allMatch(
                                                line ->
                                                        line.endsWith(
                                                                " " + at(12).getEpochSecond())))
                .isNotEmpty();
    }

    @Test
    void aSinkThatWasAwayGetsWhatRedisNoLongerHas() throws Exception {
        serve(true);
        awaitCurrent();
        influx.answers(503, "overloaded");
        Instant now = Instant.now();
        writer.add("orders", now, 1).add("orders", at(30), 7).flush();
        await(
                () -> {
                    JsonNode away = sink(0);
                    return away.path("waiting").asString("").contains("answers 503: overloaded")
                            && !away.path("writing").asBoolean();
                });
        Instant down = Instant.now();
        await(() -> isAfter(server.json("/api/v1/status").path("history"), down));
        assertThat(sink(1).path("waiting").isNull()).as("another sink goes on").isTrue();

        String gone = "orders:" + Granularity.MINUTE.stamp(now.toEpochMilli());
        writer.redis().del(gone);
        writer.redis().zrem(writer.keys().changes(), gone);
        influx.answers(204, "");
        awaitCurrent();
        assertThat(orders(30)).isEqualTo("value=7i");
        assertThat(influx.points()).hasSize(4).containsValue("value=1i");
        assertThat(sink(0).path("failures").asInt()).isPositive();
    }

    @Test
    void refusedPointsAreLeftOutAndTheOthersAreWritten() throws Exception {
        influx.answers(
                body ->
                        body.contains("page=bad")
                                ? new Answer(400, "{\"message\":\"field type conflict\"}")
                                : new Answer(204, ""));
        for (int i = 0; i < 100; i++) {
            writer.add("by_page", at(20), "/" + i, 1_000_000L);
        }
        writer.add("by_page", at(20), "bad", 1_000_000L).flush();
        serve(true);
        awaitCurrent();
        assertThat(influx.points()).hasSize(102);
        assertThat(sink(0).path("refused").asInt()).isEqualTo(1);
        assertThat(sink(0).path("refusal").asString()).contains("field type conflict");
        assertThat(sink(0).path("waiting").isNull()).isTrue();
    }

    @Test
    void aTokenThatIsNotAcceptedIsWaitedForAndTold() throws Exception {
        influx.answers(401, "");
        serve(true);
        await(() -> sink(0).path("waiting").asString("").contains("answers 401; check that the"));
        assertThat(sink(0).path("asOf").isNull()).isTrue();
        influx.answers(204, "");
        awaitCurrent();
        assertThat(orders(10)).isEqualTo("value=2i");
    }

    @Test
    void whatIsCountedAgainIsWrittenOnceItHasCaughtUp() throws Exception {
        serve(true);
        awaitCurrent();
        writer.begin("era-2");
        writer.add("orders", at(10), 1).position("orders", 0, 5, at(10)).flush();
        await(() -> server.json("/api/v1/metrics/orders").path("value").isNumber());
        writer.add("orders", at(11), 3).add("orders", at(10), 8);
        writer.position("orders", 0, 16, at(11)).flush();
        awaitCurrent();
        assertThat(orders(10)).isEqualTo("value=9i");
        assertThat(influx.requests())
                .extracting(FakeInflux.Request::body)
                .noneMatch(body -> body.contains("orders value=1i"));
    }

    @Test
    void anotherReplicaGoesOnWhereTheFirstOneEnds() throws Exception {
        serve(true);
        awaitCurrent();
        ApiServer first = server;
        serve(true);
        try {
            await(() -> sink(0).path("waiting").asString("").equals("another replica writes it"));
            assertThat(sink(0).path("asOf").isString()).isTrue();
            assertThat(sink(0).path("points").asInt()).isZero();
        } finally {
            first.close();
        }
        writer.add("orders", at(13), 6).flush();
        awaitCurrent();
        assertThat(orders(13)).isEqualTo("value=6i");
        assertThat(sink(0).path("points").asInt()).isEqualTo(1);
    }

    @Test
    void withoutMongoAllThatRedisHasIsWrittenByEachProcess() throws Exception {
        serve(false);
        awaitCurrent();
        assertThat(orders(10)).isEqualTo("value=2i");
        server.close();
        writer.add("orders", at(10), 1).flush();
        serve(false);
        awaitCurrent();
        assertThat(orders(10)).isEqualTo("value=3i");
        assertThat(influx.points()).hasSize(2);
    }
}
