package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.millrace.embedded.FreePorts;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One pipeline that has counted a log, and is stopped and started. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class WeblogRestartTest {
    private static final Path MANIFEST = Path.of("../../k8s/weblog.yaml");

    private final SentLog log = SentLog.make();
    private Path folder;
    private Path data;
    private int port;
    private PipelineProcess pipeline;

    @BeforeAll
    void sendLog(@TempDir Path temporary) throws Exception {
        folder = temporary;
        data = folder.resolve("the data");
        port = FreePorts.one();
        pipeline = PipelineProcess.start(folder, data, MANIFEST, port);
        log.send(folder, pipeline);
    }

    @AfterAll
    void end() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
    @Order(1)
    void aStopKeepsEverythingAndTheNextStartGoesOn() throws Exception {
        JsonNode endpoints = pipeline.endpoints();
        JsonNode totals = pipeline.get("/api/v1/status").path("totals");
        try (Socket dashboard = new Socket("127.0.0.1", port)) {
            // A page that is open does not hold up the stop.
            dashboard
                    .getOutputStream()
                    .write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            assertThat(dashboard.getInputStream().read()).isEqualTo('H');
            assertThat(pipeline.stop(PipelineProcess.STOP)).isEqualTo(PipelineProcess.SIGTERM_EXIT);
        }
        assertThat(pipeline.out()).endsWith("Stopped; the data is kept in " + data + "\n");
        assertThat(pipeline.err()).isEmpty();
        assertThat(data.resolve("endpoints.json")).doesNotExist();
        Commands.Result nobody = Commands.run(folder, "send", MANIFEST.toString());
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).hasLineCount(1).startsWith("No pipeline is running");

        RecordedLines.requireEveryLineOnce(data, log);

        pipeline = PipelineProcess.start(folder, data, MANIFEST, port);
        for (String name : List.of("dashboard", "api", "collector", "kafka", "redis", "mongo")) {
            assertThat(pipeline.address(name)).isEqualTo(endpoints.path(name).asString());
        }
        pipeline.awaitStatus(status -> status.path("state").asString().equals("live"));
        assertThat(pipeline.get("/api/v1/status").path("totals")).isEqualTo(totals);
        LogNumbers numbers = new LogNumbers(log, pipeline);
        numbers.requireValues("hits", "1d");
        numbers.requireValues("visitors", "all");
        numbers.requireGroups("hits_by_path", "1d", 1_000);
    }

    @Test
    @Order(2)
    void aStopUnderLoadLosesNothingThatWasAccepted() throws Exception {
        Path out = folder.resolve("more.out");
        Path err = folder.resolve("more.err");
        Process send = Commands.startReading(folder, out, err, List.of("send", "-"));
        Thread writer = Thread.startVirtualThread(() -> writeToTheEnd(send));
        long before = log.lines().size();
        try {
            pipeline.awaitStatus(status -> PipelineProcess.events(status) > before + 2_000);
            assertThat(pipeline.stop(PipelineProcess.STOP)).isEqualTo(PipelineProcess.SIGTERM_EXIT);
            assertThat(send.waitFor(240, TimeUnit.SECONDS)).isTrue();
        } finally {
            send.destroyForcibly();
        }
        writer.join();
        assertThat(send.exitValue()).as(Files.readString(out)).isEqualTo(1);
        long accepted = accepted(Files.readString(err));

        pipeline = PipelineProcess.start(folder, data, MANIFEST, port);
        long inKafka = pipeline.records("requests");
        assertThat(inKafka).isBetween(before + accepted, before + accepted + 500);
        pipeline.awaitStatus(status -> PipelineProcess.events(status) == inKafka);
        assertThat(pipeline.stop(PipelineProcess.STOP)).isEqualTo(PipelineProcess.SIGTERM_EXIT);

        assertThat(RecordedLines.in(data)).hasSize((int) inKafka);
    }

    /** Writes valid lines for as long as they are read. */
    private void writeToTheEnd(Process send) {
        int lines = 0;
        try (OutputStream input = send.getOutputStream()) {
            while (send.isAlive()) {
                for (byte[] line : log.valid()) {
                    input.write(line);
                    input.write('\n');
                    if (++lines % 100 == 0) {
                        // no faster: all of it is recorded and read in the end
                        Thread.sleep(20);
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
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
    @Order(3)
    void freshBeginsAnew() throws Exception {
        pipeline = PipelineProcess.start(folder, data, MANIFEST, port, "--fresh");
        JsonNode status =
                pipeline.awaitStatus(each -> each.path("state").asString().equals("live"));
        assertThat(PipelineProcess.events(status)).isZero();
        assertThat(pipeline.records("requests")).isZero();
        try (MongoClient mongo = MongoClients.create(pipeline.address("mongo"))) {
            assertThat(mongo.getDatabase("millrace").getCollection("events").countDocuments())
                    .isZero();
        }
    }
}
