package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.FreePorts;
import dev.millrace.local.AccessCount.Span;
import dev.millrace.local.AccessLog.Request;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The whole chain, from {@code send} over Kafka, processor and Redis to the API, and over the audit
 * to Mongo, on one pipeline that is stopped and started in the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class WeblogTest {
    private static final Path MANIFEST = Path.of("../../k8s/weblog.yaml");
    private static final Duration STOP = Duration.ofSeconds(20);

    private Path folder;
    private Path data;
    private int port;
    private PipelineProcess pipeline;
    private Commands.Result sent;

    private final List<Request> requests = AccessLog.requests(3_000, 20150517);
    private final List<byte[]> valid =
            IntStream.range(0, requests.size()).mapToObj(i -> requests.get(i).line(i)).toList();
    private final List<byte[]> invalid = new ArrayList<>(AccessLog.garbage());

    @BeforeAll
    void sendLog(@TempDir Path temporary) throws Exception {
        folder = temporary;
        List<byte[]> lines = new ArrayList<>(valid);
        Random random = new Random(7);
        invalid.forEach(line -> lines.add(random.nextInt(lines.size()), line));
        byte[] late = AccessLog.late(requests).line(3);
        invalid.add(late);
        lines.add(late);
        Path log = folder.resolve("access log.ndjson");
        AccessLog.write(log, lines);

        data = folder.resolve("the data");
        port = FreePorts.one();
        pipeline = PipelineProcess.start(folder, data, MANIFEST, port);
        sent = Commands.run(folder, "send", log.toString());
        pipeline.awaitStatus(status -> events(status) >= lines.size());
    }

    @AfterAll
    void end() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    private static long events(JsonNode status) {
        return status.path("totals").path("events").asLong();
    }

    private Instant newest() {
        return requests.stream().map(Request::time).max(Comparator.naturalOrder()).orElseThrow();
    }

    @Test
    @Order(1)
    void sendSaysWhatBecameOfTheLines() {
        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(sent.out())
                .contains(
                        "Sent %,d events to http://localhost:%d/"
                                .formatted(3_000 + invalid.size(), port))
                // The late one is valid by itself: only the processor sees that it is late.
                .contains("; %,d of them not valid".formatted(invalid.size() - 2))
                .contains("\n  line ");
        assertThat(sent.err()).isEmpty();
    }

    @ParameterizedTest
    @Order(1)
    @CsvSource({
        "hits, 1h", "hits, 1d", "hits, all",
        "visitors, 1h", "visitors, 1d", "visitors, all",
        "bytes_served, 1h", "bytes_served, 1d", "bytes_served, all",
        "hits_by_path, 1h", "hits_by_path, 1d", "hits_by_path, all",
        "hits_by_status, 1h", "hits_by_status, 1d", "hits_by_status, all"
    })
    void valuesEqualARecount(String metric, String window) throws Exception {
        Span span = Span.of(window, newest());
        JsonNode answer =
                pipeline.get("/api/v1/metrics/" + metric + "?compare=previous&window=" + window);

        long value = new AccessCount(requests, span).value(metric);
        assertThat(value).isPositive();
        assertThat(answer.path("value").asLong()).isEqualTo(value);
        if (window.equals("all")) {
            assertThat(answer.path("from").isNull()).isTrue();
            assertThat(answer.path("previous").isNull()).isTrue();
        } else {
            assertThat(Instant.parse(answer.path("from").asString())).isEqualTo(span.from());
            assertThat(Instant.parse(answer.path("to").asString())).isEqualTo(span.to());
            assertThat(answer.path("previous").asLong())
                    .isEqualTo(new AccessCount(requests, span.before()).value(metric));
        }
    }

    @ParameterizedTest
    @Order(1)
    @CsvSource({
        "hits_by_path, 1h, 7", "hits_by_path, 1d, 1000", "hits_by_path, all, 10",
        "hits_by_status, 1h, 1", "hits_by_status, 1d, 2", "hits_by_status, all, 1000"
    })
    void allPagesOfGroupsEqualARecount(String metric, String window, int pageSize)
            throws Exception {
        Span span = Span.of(window, newest());
        Map<String, Long> counted = new AccessCount(requests, span).groups(metric);
        Map<String, Long> before =
                window.equals("all")
                        ? Map.of()
                        : new AccessCount(requests, span.before()).groups(metric);
        List<String> expected =
                counted.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Long>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .map(
                                group ->
                                        "%s %d %s"
                                                .formatted(
                                                        group.getKey(),
                                                        group.getValue(),
                                                        window.equals("all")
                                                                ? null
                                                                : before.getOrDefault(
                                                                        group.getKey(), 0L)))
                        .toList();

        List<String> answered =
                pipeline.groups(metric, window, pageSize).stream()
                        .map(
                                group ->
                                        "%s %d %s"
                                                .formatted(
                                                        group.path("key").asString(),
                                                        group.path("value").asLong(),
                                                        group.path("previous").isNull()
                                                                ? null
                                                                : group.path("previous").asLong()))
                        .toList();
        assertThat(answered).containsExactlyElementsOf(expected);
    }

    @Test
    @Order(1)
    void totalsAndDeadLettersAreThoseOfTheLines() throws Exception {
        JsonNode status = pipeline.get("/api/v1/status");
        assertThat(status.path("state").asString()).isEqualTo("live");
        assertThat(Instant.parse(status.path("now").asString())).isEqualTo(newest());
        assertThat(status.path("totals").path("valid").asLong()).isEqualTo(valid.size());
        assertThat(status.path("totals").path("invalid").asLong()).isEqualTo(invalid.size());
        assertThat(status.path("totals").path("late").asLong()).isEqualTo(1);
        assertThat(status.path("losses").isEmpty()).isTrue();
        assertThat(sum(status.path("positions"), "offset")).isEqualTo(events(status));

        JsonNode letters = pipeline.get("/api/v1/dead-letters?limit=100");
        assertThat(letters.path("total").asLong()).isEqualTo(invalid.size());
        assertThat(letters.path("late").asLong()).isEqualTo(1);
        assertThat(letters.path("recent").size()).isEqualTo(invalid.size());
        for (JsonNode letter : letters.path("recent")) {
            assertThat(letter.path("reason").asString()).isNotBlank();
            assertThat(letter.path("topic").asString()).isEqualTo("requests");
        }
        assertThat(records("weblog-dead-letters")).isEqualTo(invalid.size());
        assertThat(records("requests")).isEqualTo(valid.size() + invalid.size());
    }

    private static long sum(JsonNode array, String name) {
        long sum = 0;
        for (JsonNode each : array) {
            sum += each.path(name).asLong();
        }
        return sum;
    }

    private long records(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", pipeline.address("kafka")))) {
            Map<TopicPartition, OffsetSpec> ends =
                    admin
                            .describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .partitions()
                            .stream()
                            .collect(
                                    Collectors.toMap(
                                            partition ->
                                                    new TopicPartition(
                                                            topic, partition.partition()),
                                            partition -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        }
    }

    @Test
    @Order(1)
    void everyAddressAnswers() throws Exception {
        JsonNode endpoints = pipeline.endpoints();
        assertThat(endpoints.propertyNames())
                .containsExactly(
                        "pipeline",
                        "pid",
                        "dashboard",
                        "api",
                        "collector",
                        "kafka",
                        "redis",
                        "mongo",
                        "manifest");
        assertThat(Path.of(endpoints.path("manifest").asString())).isRegularFile();
        assertThat(endpoints.path("pipeline").asString()).isEqualTo("weblog");
        assertThat(endpoints.path("pid").asLong()).isEqualTo(pipeline.pid());
        assertThat(pipeline.out()).contains("Dashboard: " + pipeline.address("dashboard") + "  (");
        assertThat(endpoints.path("dashboard").asString())
                .isEqualTo(endpoints.path("api").asString() + "/dashboard/");
        assertThat(new String(pipeline.request("/dashboard/").body(), StandardCharsets.UTF_8))
                .contains("<!doctype html>");
        assertThat(pipeline.get("/openapi.json").path("paths").has("/api/v1/metrics")).isTrue();
        assertThat(pipeline.get("/actuator/health/readiness").path("status").asString())
                .isEqualTo("UP");
        assertThat(pipeline.request("/actuator/prometheus").statusCode()).isEqualTo(200);
        assertThat(redis("PING")).isEqualTo("+PONG");
        assertThat(records("requests")).isPositive();
        try (MongoClient mongo = MongoClients.create(pipeline.address("mongo"))) {
            assertThat(mongo.getDatabase("millrace").runCommand(new Document("ping", 1)).get("ok"))
                    .isEqualTo(1.0);
        }
        Commands.Result one =
                Commands.run(
                        folder,
                        "send",
                        Files.createFile(folder.resolve("nothing")).toString(),
                        "--url",
                        pipeline.address("collector"));
        assertThat(one.exitCode()).isZero();
        assertThat(one.out()).startsWith("Sent 0 events to ");
    }

    private String redis(String command) throws Exception {
        URI address = URI.create(pipeline.address("redis"));
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    @Order(2)
    void aSecondPipelineRunsBesideIt() throws Exception {
        Path other = folder.resolve("other");
        try (PipelineProcess second =
                PipelineProcess.start(
                        folder,
                        other,
                        Path.of("../../k8s/clickstream.yaml"),
                        FreePorts.one(),
                        "--no-generator")) {
            assertThat(second.get("/api/v1/pipeline").path("name").asString())
                    .isEqualTo("clickstream");
            for (String server : List.of("api", "kafka", "redis", "mongo")) {
                assertThat(second.address(server)).isNotEqualTo(pipeline.address(server));
            }

            Commands.Result unclear = Commands.run(folder, "send", MANIFEST.toString());
            assertThat(unclear.exitCode()).isEqualTo(1);
            assertThat(unclear.err())
                    .hasLineCount(1)
                    .startsWith("Several pipelines are running; name one with --url: ")
                    .contains(pipeline.address("collector") + " (weblog)")
                    .contains(second.address("collector") + " (clickstream)");

            Path line = folder.resolve("one line");
            Files.writeString(line, "{\"user_id\": 1}");
            Commands.Result clear =
                    Commands.run(
                            folder,
                            "send",
                            line.toString(),
                            "--stream",
                            "events",
                            "--url",
                            second.address("collector") + "/");
            assertThat(clear.out())
                    .startsWith(
                            "Sent 1 event to "
                                    + second.address("api")
                                    + "/api/v1/streams/events/events")
                    .contains("line 1: Wrong type: 'user_id'");
            second.awaitStatus(status -> events(status) == 1);

            Commands.Result wrong =
                    Commands.run(
                            folder,
                            "send",
                            line.toString(),
                            "--stream",
                            "no such",
                            "--url",
                            second.address("collector"));
            assertThat(wrong.exitCode()).isEqualTo(1);
            assertThat(wrong.err())
                    .contains("answered 404 to the lines 1 to 1")
                    .contains("There is no stream \"no such\"");
        }
        assertThat(events(pipeline.get("/api/v1/status"))).isEqualTo(valid.size() + invalid.size());
    }

    @Test
    @Order(2)
    void refusesItsPortAndItsDataToOthers() throws Exception {
        Commands.Result samePort =
                Commands.run(
                        folder,
                        "run",
                        MANIFEST.toString(),
                        "--port",
                        Integer.toString(port),
                        "--data",
                        folder.resolve("unused").toString());
        assertThat(samePort.exitCode()).isEqualTo(1);
        assertThat(samePort.err())
                .hasLineCount(1)
                .startsWith("Port " + port + " on 127.0.0.1 cannot be had")
                .contains("--port");

        for (String fresh : List.of("--no-generator", "--fresh")) {
            Commands.Result sameData =
                    Commands.run(
                            folder,
                            "run",
                            MANIFEST.toString(),
                            "--port",
                            Integer.toString(FreePorts.one()),
                            "--data",
                            data.toString(),
                            fresh);
            assertThat(sameData.exitCode()).isEqualTo(1);
            assertThat(sameData.err())
                    .hasLineCount(1)
                    .startsWith("A pipeline is running with the data in " + data);
        }
        assertThat(events(pipeline.get("/api/v1/status"))).isEqualTo(valid.size() + invalid.size());
    }

    @Test
    @Order(3)
    void aStopKeepsEverythingAndTheNextStartGoesOn() throws Exception {
        JsonNode endpoints = pipeline.endpoints();
        JsonNode totals = pipeline.get("/api/v1/status").path("totals");
        try (Socket dashboard = new Socket("127.0.0.1", port)) {
            // A page that is open does not hold up the stop.
            dashboard
                    .getOutputStream()
                    .write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            assertThat(dashboard.getInputStream().read()).isEqualTo('H');
            assertThat(pipeline.stop(STOP)).isEqualTo(PipelineProcess.SIGTERM_EXIT);
        }
        assertThat(pipeline.out()).endsWith("Stopped; the data is kept in " + data + "\n");
        assertThat(pipeline.err()).isEmpty();
        assertThat(data.resolve("endpoints.json")).doesNotExist();
        Commands.Result nobody = Commands.run(folder, "send", MANIFEST.toString());
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).hasLineCount(1).startsWith("No pipeline is running");

        requireEveryLineRecordedOnce();

        pipeline = PipelineProcess.start(folder, data, MANIFEST, port);
        for (String name : List.of("dashboard", "api", "collector", "kafka", "redis", "mongo")) {
            assertThat(pipeline.address(name)).isEqualTo(endpoints.path(name).asString());
        }
        pipeline.awaitStatus(status -> status.path("state").asString().equals("live"));
        assertThat(pipeline.get("/api/v1/status").path("totals")).isEqualTo(totals);
        valuesEqualARecount("hits", "1d");
        valuesEqualARecount("visitors", "all");
        allPagesOfGroupsEqualARecount("hits_by_path", "1d", 1_000);
    }

    /** What the audit has recorded, read from the files that a stopped pipeline left. */
    private List<Document> recorded() {
        try (EmbeddedMongo store = EmbeddedMongo.start(data.resolve("mongo"), 0, "millrace");
                MongoClient mongo = MongoClients.create(store.uri())) {
            return mongo.getDatabase("millrace")
                    .getCollection("events")
                    .find()
                    .into(new ArrayList<>());
        }
    }

    private void requireEveryLineRecordedOnce() {
        Map<Object, List<Document>> types =
                recorded().stream()
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
                .usingElementComparator(Comparator.comparing(WeblogTest::withoutReferrer))
                .containsExactlyInAnyOrderElementsOf(requests);
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
                        invalid.stream().map(AccessLog::text).toList());
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

    @Test
    @Order(4)
    void aStopUnderLoadLosesNothingThatWasAccepted() throws Exception {
        Path out = folder.resolve("more.out");
        Path err = folder.resolve("more.err");
        Process send = Commands.startReading(folder, out, err, List.of("send", "-"));
        Thread writer = Thread.startVirtualThread(() -> writeToTheEnd(send));
        long before = valid.size() + invalid.size();
        try {
            pipeline.awaitStatus(status -> events(status) > before + 2_000);
            assertThat(pipeline.stop(STOP)).isEqualTo(PipelineProcess.SIGTERM_EXIT);
            assertThat(send.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            send.destroyForcibly();
        }
        writer.join();
        assertThat(send.exitValue()).as(Files.readString(out)).isEqualTo(1);
        long accepted = accepted(Files.readString(err));

        pipeline = PipelineProcess.start(folder, data, MANIFEST, port);
        long inKafka = records("requests");
        assertThat(inKafka).isBetween(before + accepted, before + accepted + 500);
        pipeline.awaitStatus(status -> events(status) == inKafka);
        assertThat(pipeline.stop(STOP)).isEqualTo(PipelineProcess.SIGTERM_EXIT);

        assertThat(recorded()).hasSize((int) inKafka);
    }

    /** Writes valid lines for as long as they are read. */
    private void writeToTheEnd(Process send) {
        try (OutputStream input = send.getOutputStream()) {
            while (send.isAlive()) {
                for (byte[] line : valid) {
                    input.write(line);
                    input.write('\n');
                }
            }
        } catch (IOException e) {
            // what read has ended
        }
    }

    private static long accepted(String message) {
        Matcher found =
                Pattern.compile("([0-9,]+) events before line \\d+ were accepted").matcher(message);
        assertThat(found.find()).as(message).isTrue();
        return Long.parseLong(found.group(1).replace(",", ""));
    }

    @Test
    @Order(5)
    void freshBeginsAnew() throws Exception {
        pipeline = PipelineProcess.start(folder, data, MANIFEST, port, "--fresh");
        JsonNode status =
                pipeline.awaitStatus(each -> each.path("state").asString().equals("live"));
        assertThat(events(status)).isZero();
        assertThat(records("requests")).isZero();
        try (MongoClient mongo = MongoClients.create(pipeline.address("mongo"))) {
            assertThat(mongo.getDatabase("millrace").getCollection("events").countDocuments())
                    .isZero();
        }
    }
}
