package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.local.AccessLog.Request;

import org.bson.Document;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the audit has recorded of a log, while its pipeline is stopped. */
final class RecordedLines {
    private RecordedLines() {}

    /** What the audit has recorded, read from the files that a stopped pipeline left. */
    static List<Document> in(Path data) {
        try (EmbeddedMongo store = EmbeddedMongo.start(data.resolve("mongo"), 0, "millrace");
                MongoClient mongo = MongoClients.create(store.uri())) {
            return mongo.getDatabase("millrace")
                    .getCollection("events")
                    .find()
                    .into(new ArrayList<>());
        }
    }

    /** Each line is there once, as what it is. */
    static void requireEveryLineOnce(Path data, SentLog log) {
        Map<Object, List<Document>> types =
                in(data).stream()
                        .collect(Collectors.groupingBy(document -> document.get("doc_type")));
        assertThat(types).containsOnlyKeys("success", "failed");
        List<Document> successes = types.get("success");
        List<Document> failures = types.get("failed");
        assertThat(
                        successes.stream()
                                .map(
                                        each ->
                                                new Request(
                                                        each.get("_time", Date.class).toInstant(),
                                                        each.getString("ip"),
                                                        each.getString("method"),
                                                        each.getString("path"),
                                                        each.getInteger("status"),
                                                        each.get("bytes", Number.class).longValue(),
                                                        each.getString("referrer"),
                                                        each.getString("agent"))))
                .usingElementComparator(Comparator.comparing(RecordedLines::withoutReferrer))
                .containsExactlyInAnyOrderElementsOf(log.requests());
        assertThat(failures)
                .allSatisfy(
                        document -> {
                            assertThat(document.getString("_id")).matches("requests:\\d+:\\d+");
                            assertThat(document.get("doc_type")).isEqualTo("failed");
                            assertThat(document.get("timestamp")).isInstanceOf(Date.class);
                            assertThat(document.getString("reason")).isNotBlank();
                        });
        assertThat(failures.stream().map(document -> document.getString("failed_event")))
                .containsExactlyInAnyOrderElementsOf(
                        log.invalid().stream().map(AccessLog::text).toList());
        assertThat(
                        failures.stream()
                                .filter(
                                        document ->
                                                document.getString("failed_event")
                                                        .contains("/only"))
                                .map(document -> document.getString("reason")))
                .containsExactly("Missing fields: ['time', 'method', 'status', 'bytes']");
    }

    /** Some lines leave it out, whatever the request has. */
    private static String withoutReferrer(Request request) {
        return String.join(
                "\n",
                request.time().toString(),
                request.ip(),
                request.method(),
                request.path(),
                Integer.toString(request.status()),
                Long.toString(request.bytes()),
                String.valueOf(request.agent()));
    }
}
