package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.millrace.embedded.FreePorts;

import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;

/**
 * The whole chain, from {@code send} over Kafka, processor and Redis to the API, on one pipeline
 * that has counted a log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WeblogTest {
    private static final Path MANIFEST = Path.of("../../k8s/weblog.yaml");

    private final SentLog log = SentLog.make();
    private Path folder;
    private int port;
    private PipelineProcess pipeline;
    private Commands.Result sent;

    @BeforeAll
    void sendLog(@TempDir Path temporary) throws Exception {
        folder = temporary;
        port = FreePorts.one();
        pipeline = PipelineProcess.start(folder, folder.resolve("the data"), MANIFEST, port);
        sent = log.send(folder, pipeline);
    }

    @AfterAll
    void end() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
    void sendSaysWhatBecameOfTheLines() {
        assertThat(sent.exitCode()).as(sent.err()).isZero();
        assertThat(sent.out())
                .contains(
                        String.format(
                                Locale.ROOT,
                                "Sent %,d events to http://localhost:%d/",
                                log.lines().size(),
                                port))
                // The late one is valid by itself: only the processor sees that it is late.
                .contains("; %d of them not valid".formatted(log.invalid().size() - 2))
                .contains("\n  line ");
        assertThat(sent.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "hits, 1h", "hits, 1d", "hits, all",
        "visitors, 1h", "visitors, 1d", "visitors, all",
        "bytes_served, 1h", "bytes_served, 1d", "bytes_served, all",
        "hits_by_path, 1h", "hits_by_path, 1d", "hits_by_path, all",
        "hits_by_status, 1h", "hits_by_status, 1d", "hits_by_status, all"
    })
    void valuesEqualARecount(String metric, String window) throws Exception {
        new LogNumbers(log, pipeline).requireValues(metric, window);
    }

    @ParameterizedTest
    @CsvSource({
        "hits_by_path, 1h, 7", "hits_by_path, 1d, 1000", "hits_by_path, all, 10",
        "hits_by_status, 1h, 1", "hits_by_status, 1d, 2", "hits_by_status, all, 1000"
    })
    void allPagesOfGroupsEqualARecount(String metric, String window, int pageSize)
            throws Exception {
        new LogNumbers(log, pipeline).requireGroups(metric, window, pageSize);
    }

    @Test
    void totalsAndDeadLettersAreThoseOfTheLines() throws Exception {
        JsonNode status = pipeline.get("/api/v1/status");
        assertThat(status.path("state").asString()).isEqualTo("live");
        assertThat(Instant.parse(status.path("now").asString())).isEqualTo(log.newest());
        assertThat(status.path("totals").path("valid").asLong()).isEqualTo(log.valid().size());
        assertThat(status.path("totals").path("invalid").asLong()).isEqualTo(log.invalid().size());
        assertThat(status.path("totals").path("late").asLong()).isEqualTo(1);
        assertThat(status.path("losses").isEmpty()).isTrue();
        assertThat(sum(status.path("positions"), "offset"))
                .isEqualTo(PipelineProcess.events(status));

        JsonNode letters = pipeline.get("/api/v1/dead-letters?limit=100");
        assertThat(letters.path("total").asLong()).isEqualTo(log.invalid().size());
        assertThat(letters.path("late").asLong()).isEqualTo(1);
        assertThat(letters.path("recent").size()).isEqualTo(log.invalid().size());
        for (JsonNode letter : letters.path("recent")) {
            assertThat(letter.path("reason").asString()).isNotBlank();
            assertThat(letter.path("topic").asString()).isEqualTo("requests");
        }
        assertThat(pipeline.records("weblog-dead-letters")).isEqualTo(log.invalid().size());
        assertThat(pipeline.records("requests"))
                .isEqualTo(log.valid().size() + log.invalid().size());
    }

    private static long sum(JsonNode array, String name) {
        long sum = 0;
        for (JsonNode each : array) {
            sum += each.path(name).asLong();
        }
        return sum;
    }

    @Test
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
        assertThat(pipeline.records("requests")).isPositive();
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
}
