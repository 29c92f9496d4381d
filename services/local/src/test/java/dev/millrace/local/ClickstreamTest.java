package dev.millrace.local;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.millrace.audit.recount.Counted;
import dev.millrace.audit.recount.Recount;
import dev.millrace.embedded.FreePorts;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;

import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The generator's events over kills (SIGKILL) of the whole process: live numbers and records agree.
 */
class ClickstreamTest {
    private static final Path MANIFEST = Path.of("../../k8s/clickstream.yaml");
    private static final int KILLS = 2;

    @TempDir Path folder;

    @Test
    void numbersEqualTheRecordsAfterKills() throws Exception {
        Path manifest = folder.resolve("faster.yaml");
        Files.writeString(
                manifest,
                replace(
                        replace(
                                replace(
                                        Files.readString(MANIFEST),
                                        "rate: 20..100",
                                        "rate: 200..400"),
                                "waitAfterBatch: 1s",
                                "waitAfterBatch: 200ms"),
                        "flush: 5s",
                        "flush: 1s"));
        Path data = folder.resolve("data");
        int port = FreePorts.one();

        long counted = 0;
        for (int kills = 0; kills < KILLS; kills++) {
            try (PipelineProcess pipeline = PipelineProcess.start(folder, data, manifest, port)) {
                long more = counted + 3_000;
                counted = valid(pipeline.awaitStatus(status -> valid(status) > more));
                pipeline.kill();
            }
        }
        try (PipelineProcess pipeline = PipelineProcess.start(folder, data, manifest, port)) {
            // The events of the killed ones, and new ones of a generator that begins anew.
            long more = counted + 1_000;
            pipeline.awaitStatus(status -> valid(status) > more);
            assertThat(pipeline.stop(PipelineProcess.STOP)).isEqualTo(PipelineProcess.SIGTERM_EXIT);
        }
        try (PipelineProcess pipeline =
                        PipelineProcess.start(folder, data, manifest, port, "--no-generator");
                MongoClient mongo = MongoClients.create(pipeline.address("mongo"))) {
            MongoCollection<Document> events =
                    mongo.getDatabase("millrace").getCollection("events");
            JsonNode status = settled(pipeline, events);
            assertThat(valid(status)).isGreaterThan(KILLS * 3_000 + 1_000);
            compare(pipeline, status, events, ManifestReader.read(manifest));
        }
    }

    private static String replace(String text, String part, String other) {
        assertThat(text).contains(part);
        return text.replace(part, other);
    }

    private static long valid(JsonNode status) {
        return status.path("totals").path("valid").asLong();
    }

    /** The status once all that is in Kafka is counted and recorded. */
    private static JsonNode settled(PipelineProcess pipeline, MongoCollection<Document> events)
            throws Exception {
        long sent = pipeline.records("events");
        await().until(() -> events.countDocuments() == sent);
        return pipeline.awaitStatus(
                status ->
                        status.path("state").asString().equals("live")
                                && PipelineProcess.events(status) == sent);
    }

    private static void compare(
            PipelineProcess pipeline, JsonNode status, MongoCollection<Document> events, Plan plan)
            throws Exception {
        List<Document> valid = new ArrayList<>();
        List<Document> failed = new ArrayList<>();
        events.find()
                .forEach(
                        each ->
                                (each.get("doc_type").equals("success") ? valid : failed)
                                        .add(each));
        assertThat(valid(status)).isEqualTo(valid.size());
        assertThat(status.path("totals").path("invalid").asLong()).isEqualTo(failed.size());
        assertThat(failed).as("the generator makes some").isNotEmpty();

        check(pipeline, plan, events, valid, "active_users", null, "user_id", any -> true);
        check(
                pipeline,
                plan,
                events,
                valid,
                "page_views",
                "page_url",
                null,
                event -> event.getString("event_type").equals("page_view"));
        check(
                pipeline,
                plan,
                events,
                valid,
                "active_sessions",
                "user_id",
                "session_id",
                any -> true);
    }

    /**
     * Compares a metric with two recounts.
     *
     * @param by the field of its groups; {@code null} for none
     * @param of the field whose different values are counted; {@code null} to count events
     */
    private static void check(
            PipelineProcess pipeline,
            Plan plan,
            MongoCollection<Document> events,
            List<Document> valid,
            String metric,
            String by,
            String of,
            Predicate<Document> where)
            throws Exception {
        JsonNode answer;
        Map<String, Long> groups = new HashMap<>();
        do {
            // once more where a minute began meanwhile: of one window, not of two
            answer = pipeline.get("/api/v1/metrics/" + metric);
            groups.clear();
            if (by != null) {
                pipeline.groups(metric, answer.path("window").asString(), 100)
                        .forEach(
                                group ->
                                        groups.put(
                                                group.path("key").asString(),
                                                group.path("value").asLong()));
            }
        } while (!pipeline.get("/api/v1/metrics/" + metric)
                .path("from")
                .equals(answer.path("from")));
        Instant from = Instant.parse(answer.path("from").asString());
        Instant to = Instant.parse(answer.path("to").asString());

        List<Document> own =
                valid.stream()
                        .filter(where)
                        .filter(event -> !time(event).isBefore(from) && time(event).isBefore(to))
                        .toList();
        assertThat(own).isNotEmpty();
        assertThat(answer.path("value").asLong()).isEqualTo(number(own, of));
        if (by != null) {
            Map<String, List<Document>> split =
                    own.stream().collect(Collectors.groupingBy(event -> event.getString(by)));
            Map<String, Long> expected = new HashMap<>();
            split.forEach((key, some) -> expected.put(key, number(some, of)));
            assertThat(groups).isEqualTo(expected);
        }

        Counted recounted =
                Recount.of(plan, events)
                        .measure(
                                (MeasurePlan) plan.metric(metric).orElseThrow(),
                                from.toEpochMilli(),
                                to.toEpochMilli());
        assertThat(recounted.unreadable()).isZero();
        assertThat(recounted.value().longValueExact()).isEqualTo(answer.path("value").asLong());
        assertThat(
                        recounted.groups().entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey,
                                                group -> group.getValue().longValueExact())))
                .isEqualTo(groups);
    }

    private static Instant time(Document event) {
        return event.get("_time", Date.class).toInstant();
    }

    private static long number(List<Document> events, String of) {
        Set<String> different = new HashSet<>();
        Function<Document, String> value = event -> event.getString(of);
        if (of == null) {
            return events.size();
        }
        events.forEach(event -> different.add(value.apply(event)));
        return different.size();
    }
}
