package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.FreePorts;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What becomes of others on the machine on which a pipeline runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeveralPipelinesTest {
    private static final Path MANIFEST = Path.of("../../k8s/weblog.yaml");

    private Path folder;
    private Path data;
    private int port;
    private PipelineProcess pipeline;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        data = folder.resolve("the data");
        port = FreePorts.one();
        pipeline = PipelineProcess.start(folder, data, MANIFEST, port);
    }

    @AfterAll
    void end() {
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
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
            second.awaitStatus(status -> PipelineProcess.events(status) == 1);

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
        assertThat(PipelineProcess.events(pipeline.get("/api/v1/status"))).isZero();
    }

    @Test
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
        assertThat(PipelineProcess.events(pipeline.get("/api/v1/status"))).isZero();
    }
}
