package dev.millrace.producer.collect;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ProducerApplication;
import dev.millrace.producer.TestPlans;
import dev.millrace.producer.TopicContent;
import dev.millrace.testing.TestServers;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** The collector over HTTP, with a real Kafka behind it. */
class CollectorHttpTest {
    private static final String TOPIC = "collector";
    private static final String KAFKA = TestServers.kafka().bootstrapServers();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static ProducerApplication producer;

    @BeforeAll
    static void start() {
        producer =
                new ProducerApplication(
                        TestPlans.simple(TOPIC),
                        KAFKA,
                        "millrace.producer.max-body",
                        "2MB",
                        "millrace.producer.max-events",
                        "1000",
                        "millrace.producer.allowed-origins",
                        "https://shop.example");
        await().until(() -> send("GET", "/actuator/health/readiness", none()).statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        producer.close();
    }

    @Test
    void linesAreKeptWhateverTheyHold() throws Exception {
        var body = new ByteArrayOutputStream();
        byte[] garbage = {(byte) 0xC3, 0x28, 0, '\t', (byte) 0xFF};
        body.writeBytes("{\"id\":\"lines\",\"n\":1}\r\n\n".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(garbage);
        body.writeBytes(
                "\n{\"id\":\"lines\",\"n\":\"x\"}\n{\"n\":3}".getBytes(StandardCharsets.UTF_8));
        int before = records().size();
        // What curl --data-binary sends when told nothing else.
        var answer =
                send(
                        "POST",
                        "/api/v1/events",
                        BodyPublishers.ofByteArray(body.toByteArray()),
                        "Content-Type",
                        "application/x-www-form-urlencoded");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        JsonNode receipt = json(answer);
        assertThat(receipt.get("accepted").intValue()).isEqualTo(4);
        assertThat(receipt.get("invalid").intValue()).isEqualTo(3);
        assertThat(receipt.get("problems").toString())
                .contains("{\"index\":1,\"reason\":\"Not UTF-8\"}")
                .contains("\"index\":2,\"reason\":\"Wrong type: 'n' is a string")
                .contains("{\"index\":3,\"reason\":\"Missing fields: ['id']\"}");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");

        var records = records();
        assertThat(records).hasSize(before + 4);
        assertThat(records).anyMatch(record -> Arrays.equals(record.value(), garbage));
        assertThat(records)
                .anyMatch(
                        record ->
                                text(record.value()).equals("{\"id\":\"lines\",\"n\":\"x\"}")
                                        && text(record.key()).equals("lines"));
        assertThat(records)
                .anyMatch(
                        record -> text(record.value()).equals("{\"n\":3}") && record.key() == null);
    }

    @Test
    void receiptsNameTheFirstTenProblems() throws Exception {
        JsonNode receipt =
                json(
                        post(
                                "/api/v1/streams/events/events",
                                "application/json",
                                "[" + "1,".repeat(19) + "1]"));
        assertThat(receipt.get("accepted").intValue()).isEqualTo(20);
        assertThat(receipt.get("invalid").intValue()).isEqualTo(20);
        assertThat(receipt.get("problems").size()).isEqualTo(10);
    }

    @Test
    void arraysGzipAndCloudEventsAreTaken() throws Exception {
        String event = "{ \"id\" : \"é\\u00e9\", \"n\":  7 }";
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(("[" + event + " , " + event + "]").getBytes(StandardCharsets.UTF_8));
        }
        int before = count(event);
        assertAccepted(
                2,
                send(
                        "POST",
                        "/api/v1/events",
                        BodyPublishers.ofByteArray(packed.toByteArray()),
                        "Content-Encoding",
                        "gzip",
                        "Content-Type",
                        "application/json; charset=utf-8"));
        String envelope =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":"
                        + event
                        + "}";
        assertAccepted(1, post("/api/v1/events", "application/cloudevents+json", envelope));
        assertAccepted(
                2,
                post(
                        "/api/v1/events",
                        "application/cloudevents-batch+json",
                        "[" + envelope + "," + envelope + "]"));
        assertAccepted(
                1,
                send(
                        "POST",
                        "/api/v1/events",
                        BodyPublishers.ofString(event),
                        "Content-Type",
                        "application/json",
                        "ce-specversion",
                        "1.0",
                        "ce-id",
                        "1",
                        "ce-source",
                        "/s",
                        "ce-type",
                        "t"));
        assertAccepted(1, post("/api/v1/events", "application/x-ndjson", event));
        assertAccepted(
                1,
                send(
                        "POST",
                        "/api/v1/events",
                        // without a length: chunked
                        BodyPublishers.ofInputStream(
                                () ->
                                        new ByteArrayInputStream(
                                                event.getBytes(StandardCharsets.UTF_8))),
                        "Accept",
                        "image/png"));
        assertThat(count(event)).isEqualTo(before + 8);
    }

    @Test
    void largestEventsFit() throws Exception {
        String frame = "{\"id\":\"large\",\"n\":1,\"note\":\"\",\"more\":\"\"}";
        String event =
                frame.replace(
                        "e\":\"\"}", "e\":\"" + "x".repeat((1 << 20) - frame.length()) + "\"}");
        assertThat(event).hasSize(1 << 20);
        assertAccepted(1, post("/api/v1/events", "application/json", event));
    }

    @Test
    void faultyRequestsAreRefusedAsAWholeWithAProblem() throws Exception {
        int before = records().size();
        assertProblem(400, "byte 9", post("/api/v1/events", "application/json", "[{\"n\":1},}]"));
        assertProblem(400, "empty", post("/api/v1/events", "application/json", ""));
        assertProblem(413, "more than 1000 events", post("/api/v1/events", "", "1\n".repeat(1001)));
        assertProblem(413, "Event 1", post("/api/v1/events", "", "{}\n" + "x".repeat(1_100_000)));
        assertProblem(413, "2097152", post("/api/v1/events", "", "x".repeat(2_200_000)));
        assertProblem(
                413,
                "2097152",
                send(
                        "POST",
                        "/api/v1/events",
                        BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(new byte[2_200_000]))));
        assertProblem(
                415,
                "use gzip",
                send(
                        "POST",
                        "/api/v1/events",
                        BodyPublishers.ofString("{}"),
                        "Content-Encoding",
                        "zstd"));
        assertProblem(
                415,
                "application/cloudevents+json",
                post("/api/v1/events", "application/cloudevents+avro", "{}"));
        assertProblem(
                404,
                "did you mean \\\"events\\\"?",
                post("/api/v1/streams/evnts/events", "application/json", "{}"));
        assertThat(send("GET", "/api/v1/events", none()).statusCode()).isEqualTo(405);
        assertThat(records()).hasSize(before);
        assertThat(send("GET", "/actuator/prometheus", none()).body())
                .contains("millrace_producer_refused_requests_total{status=\"413\"}");
    }

    @Test
    void webPagesNeedToBeAllowed() throws Exception {
        String event = "{\"id\":\"page\",\"n\":1}";
        var allowed =
                send(
                        "POST",
                        "/api/v1/events",
                        BodyPublishers.ofString(event),
                        "Origin",
                        "https://shop.example");
        assertAccepted(1, allowed);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
                .contains("https://shop.example");
        for (String path : List.of("/api/v1/events", "/api/v1/streams/events/events")) {
            var foreign =
                    send(
                            "POST",
                            path,
                            BodyPublishers.ofString(event),
                            "Origin",
                            "https://other.example",
                            "Content-Type",
                            "text/plain");
            assertThat(foreign.statusCode()).isEqualTo(403);
        }
        assertThat(count(event)).isEqualTo(1);
    }

    @Test
    void severalStreamsHaveAPathEach() throws Exception {
        var plan =
                TestPlans.withStreams(
                        """
                        - {name: events, fields: {id: {type: string}}, topic: {name: several-a}}
                        - {name: others, fields: {id: {type: string}}, topic: {name: several-b}}
                        - {name: derived, from: others, topic: {name: several-c}}
                        """);
        try (var several = new ProducerApplication(plan, KAFKA)) {
            await().until(
                            () ->
                                    send(
                                                            several,
                                                            "POST",
                                                            "/api/v1/streams/others/events",
                                                            BodyPublishers.ofString(
                                                                    "{\"id\":\"1\"}"))
                                                    .statusCode()
                                            == 202);
            assertThat(TopicContent.of(KAFKA, "several-b")).hasSize(1);
            assertThat(
                            send(
                                            several,
                                            "POST",
                                            "/api/v1/streams/others/events",
                                            BodyPublishers.ofString("{\"id\":\"1\"}"),
                                            "Origin",
                                            "https://other.example")
                                    .statusCode())
                    .isEqualTo(403);
            assertProblem(
                    404,
                    "post to /api/v1/streams/events/events or /api/v1/streams/others/events",
                    send(several, "POST", "/api/v1/events", BodyPublishers.ofString("{}")));
            assertProblem(
                    404,
                    "is made from \\\"others\\\"",
                    send(
                            several,
                            "POST",
                            "/api/v1/streams/derived/events",
                            BodyPublishers.ofString("{}")));
        }
    }

    private static void assertAccepted(int count, HttpResponse<String> answer) {
        assertThat(answer.body())
                .isEqualTo("{\"accepted\":" + count + ",\"invalid\":0,\"problems\":[]}");
        assertThat(answer.statusCode()).isEqualTo(202);
    }

    private static void assertProblem(int status, String detail, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(answer.body())
                .contains(detail)
                .contains("\"status\":" + status)
                .contains("\"type\":\"about:blank\"");
    }

    private static int count(String event) {
        return (int) records().stream().filter(r -> text(r.value()).equals(event)).count();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records() {
        return TopicContent.of(KAFKA, TOPIC);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static BodyPublisher none() {
        return BodyPublishers.noBody();
    }

    private static HttpResponse<String> post(String path, String type, String body)
            throws Exception {
        return type.isEmpty()
                ? send("POST", path, BodyPublishers.ofString(body))
                : send("POST", path, BodyPublishers.ofString(body), "Content-Type", type);
    }

    private static HttpResponse<String> send(
            String method, String path, BodyPublisher body, String... headers) throws Exception {
        return send(producer, method, path, body, headers);
    }

    private static HttpResponse<String> send(
            ProducerApplication to,
            String method,
            String path,
            BodyPublisher body,
            String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(to.uri(path)).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }
}
