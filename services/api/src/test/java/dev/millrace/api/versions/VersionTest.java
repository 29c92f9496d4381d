package dev.millrace.api.versions;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.millrace.api.ApiServer;
import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.Entry;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import org.apache.kafka.common.TopicPartition;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Versions of rows on real servers, from documents as the audit writes them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VersionTest {
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");
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
                          fields: {at: {type: timestamp}, order.id: {type: string}, number: {type: integer}, state: {type: string}, lon: {type: number, optional: true}, lat: {type: number, optional: true}}
                          time: at
                        - name: others
                          fields: {at: {type: timestamp}, order.id: {type: string}}
                          time: at
                      metrics:
                        - {name: states, from: orders, measure: latest, key: order.id, value: state, position: [lon, lat]}
                        - {name: by_number, from: orders, measure: latest, key: number, value: state}
                        - {name: by_time, from: orders, measure: latest, key: at}
                        - {name: hits, from: orders, measure: count, window: 5m}
                    """);

    private EmbeddedRedis redis;
    private EmbeddedMongo mongo;
    private ApiServer server;

    @BeforeAll
    void write(@TempDir Path folder) throws Exception {
        redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "versions");
        try (MongoClient client = MongoClients.create(mongo.uri())) {
            MongoCollection<BsonDocument> events =
                    client.getDatabase("versions").getCollection("events", BsonDocument.class);
            String[] states = {"received", "baking", "in transit", "delivered"};
            for (int i = 0; i < states.length; i++) {
                events.insertOne(document("orders", i, "o/1", 7, states[i]));
            }
            events.insertOne(document("orders", 4, "o/2", 8, "received"));
            events.insertOne(document("others", 0, "o/1", 7, "elsewhere"));
            events.insertOne(document("orders-more", 0, "o/1", 7, "elsewhere"));
        }
        server = new ApiServer(PLAN, redis.url(), "--spring.mongodb.uri=" + mongo.uri());
    }

    private static BsonDocument document(
            String topic, int offset, String order, int number, String state) {
        Instant at = AT.plusSeconds(60L * offset);
        String json =
                "{\"at\":\"%s\",\"order\":{\"id\":\"%s\"},\"number\":%d,\"state\":\"%s\",\"lon\":%d.5,\"lat\":50.25}"
                        .formatted(at, order, number, state, offset);
        return AuditDocument.of(
                new Entry(
                        new TopicPartition(topic, 0),
                        offset,
                        Optional.empty(),
                        at.toEpochMilli(),
                        json.getBytes(StandardCharsets.UTF_8),
                        at.toEpochMilli(),
                        null,
                        at.toEpochMilli(),
                        0));
    }

    @AfterAll
    void close() {
        if (server != null) {
            server.close();
        }
        redis.close();
        mongo.close();
    }

    @Test
    void allVersionsOfARowAreThereNewestFirst() throws Exception {
        JsonNode answer = server.json("/api/v1/metrics/states/versions?key=o/1");
        assertThat(answer.path("versions").findValuesAsString("value"))
                .containsExactly("delivered", "in transit", "baking", "received");
        JsonNode newest = answer.path("versions").path(0);
        assertThat(newest.path("id").asString()).isEqualTo("orders:0:3");
        assertThat(newest.path("at").asString()).isEqualTo("2026-11-21T10:03:00Z");
        assertThat(newest.path("position").path("lon").asDouble()).isEqualTo(3.5);
        assertThat(newest.path("event").path("order").path("id").asString()).isEqualTo("o/1");
        assertThat(answer.path("more").asBoolean()).isFalse();
    }

    @Test
    void theyComeInPages() throws Exception {
        JsonNode page = server.json("/api/v1/metrics/states/versions?key=o/1&limit=2&offset=1");
        assertThat(page.path("versions").findValuesAsString("value"))
                .containsExactly("in transit", "baking");
        assertThat(page.path("more").asBoolean()).isTrue();
    }

    @Test
    void keysMayBeIntegers() throws Exception {
        assertThat(server.json("/api/v1/metrics/by_number/versions?key=8").path("versions"))
                .hasSize(1);
        assertThat(server.json("/api/v1/metrics/by_number/versions?key=eight").path("versions"))
                .isEmpty();
    }

    @Test
    void whatCannotBeAnsweredIsTold() throws Exception {
        problem("/api/v1/metrics/states/versions", 400, "the key of a row");
        problem("/api/v1/metrics/hits/versions?key=a", 404, "these have: states");
        problem("/api/v1/metrics/by_time/versions?key=a", 404, "its key is of type timestamp");
        problem("/api/v1/metrics/states/versions?key=a&limit=0", 400, "limit");
        try (ApiServer without = new ApiServer(PLAN, redis.url())) {
            HttpResponse<String> answer = without.get("/api/v1/metrics/states/versions?key=a");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("MONGODB_URI is not set");
        }
    }

    private void problem(String path, int status, String text) throws Exception {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(answer.body()).contains(text);
    }
}
