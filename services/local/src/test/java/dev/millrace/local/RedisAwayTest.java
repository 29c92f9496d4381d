package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;

import dev.millrace.embedded.FreePorts;

import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.TimeUnit;

/** A whole pipeline whose Redis stands still for a while. */
class RedisAwayTest {
    private static final Path MANIFEST = Path.of("../../k8s/clickstream.yaml");

    @TempDir Path folder;

    @Test
    void theAuditGoesOnAndTheApiAnswersFromIt() throws Exception {
        Path data = folder.resolve("data");
        try (PipelineProcess pipeline =
                        PipelineProcess.start(folder, data, MANIFEST, FreePorts.one());
                MongoClient mongo = MongoClients.create(pipeline.address("mongo"))) {
            MongoCollection<Document> events =
                    mongo.getDatabase("millrace").getCollection("events");
            pipeline.awaitStatus(status -> valid(status) > 100);
            pipeline.awaitStatus(status -> status.path("history").path("asOf").isString());

            long redis = redisPid(data);
            signal("STOP", redis);
            try {
                JsonNode away = pipeline.awaitStatus(status -> status.path("degraded").asBoolean());
                assertThat(away.path("degradedReason").asString())
                        .contains("Redis does not answer");
                JsonNode views = pipeline.get("/api/v1/metrics/page_views");
                assertThat(views.path("degraded").asBoolean()).isTrue();
                assertThat(Instant.parse(views.path("asOf").asString())).isBefore(Instant.now());
                assertThat(views.path("value").asLong()).isPositive();
                assertThat(
                                pipeline.get("/api/v1/metrics/page_views/history?step=minute")
                                        .path("value")
                                        .asLong())
                        .as("history needs no Redis")
                        .isPositive();

                long recorded = events.countDocuments();
                awaitRecorded(events, recorded + 100);
                Instant before = Instant.parse(away.path("asOf").asString());
                pipeline.awaitStatus(status -> asOf(status).isAfter(before));
                verify(pipeline, events);
            } finally {
                signal("CONT", redis);
            }
            long recorded = events.countDocuments();
            pipeline.awaitStatus(
                    status ->
                            status.path("state").asString().equals("live")
                                    && status.path("totals").path("events").asLong() >= recorded);
        }
    }

    private static Instant asOf(JsonNode status) {
        return Instant.parse(status.path("asOf").asString());
    }

    /** Compares a window with the records up to the positions that it is told to be of. */
    private static void verify(PipelineProcess pipeline, MongoCollection<Document> events)
            throws Exception {
        while (true) {
            JsonNode status = pipeline.get("/api/v1/status");
            JsonNode views = pipeline.get("/api/v1/metrics/page_views");
            if (!asOf(pipeline.get("/api/v1/status")).equals(asOf(status))) {
                continue;
            }
            Date from = Date.from(Instant.parse(views.path("from").asString()));
            Date to = Date.from(Instant.parse(views.path("to").asString()));
            long recorded = 0;
            for (Document event : events.find(Filters.eq("event_type", "page_view"))) {
                Date time = event.getDate("_time");
                if (isBefore(status.path("positions"), event.getString("_id"))
                        && !time.before(from)
                        && time.before(to)) {
                    recorded++;
                }
            }
            assertThat(views.path("degradedReason").asString())
                    .contains("what the audit has recorded");
            assertThat(views.path("value").asLong()).isEqualTo(recorded);
            return;
        }
    }

    private static boolean isBefore(JsonNode positions, String id) {
        for (JsonNode position : positions) {
            String partition =
                    position.path("topic").asString() + ":" + position.path("partition").asInt();
            if (id.startsWith(partition + ":")) {
                long offset = Long.parseLong(id.substring(partition.length() + 1));
                return offset < position.path("offset").asLong();
            }
        }
        return false;
    }

    private static void awaitRecorded(MongoCollection<Document> events, long least)
            throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (events.countDocuments() < least) {
            assertThat(System.nanoTime()).as("the audit goes on").isLessThan(deadline);
            Thread.sleep(200);
        }
    }

    private static long valid(JsonNode status) {
        return status.path("totals").path("valid").asLong();
    }

    private static long redisPid(Path data) throws Exception {
        try (var files = Files.walk(data)) {
            Path pid = files.filter(file -> file.endsWith("redis.pid")).findFirst().orElseThrow();
            return Long.parseLong(Files.readString(pid).strip());
        }
    }

    private static void signal(String name, long pid) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
