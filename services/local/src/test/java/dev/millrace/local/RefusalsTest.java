package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.FreePorts;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What goes wrong at the start: one clear line each, and nothing left behind. */
class RefusalsTest {
    private static final Path WEBLOG = Path.of("../../k8s/weblog.yaml");

    @TempDir Path folder;

    private Commands.Result run(String... arguments) throws Exception {
        return Commands.run(folder.resolve("home"), arguments);
    }

    @Test
    void listsEverythingThatIsWrongWithAManifest() throws Exception {
        Path manifest = folder.resolve("wrong.yaml");
        Files.writeString(
                manifest,
                Files.readString(WEBLOG)
                        .replace("of: ip", "of: ipp")
                        .replace("measure: sum", "measure: summ")
                        .replace("key: ip", "key: ib"));
        Commands.Result result = run("run", manifest.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("spec.streams[0].key", "spec.metrics[3].of", "spec.metrics[4].measure")
                .contains("did you mean \"ip\"?")
                .doesNotContain("\tat ", "Exception");
    }

    @Test
    void saysThatAManifestCannotBeRead() throws Exception {
        Commands.Result missing = run("run", folder.resolve("none.yaml").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).hasLineCount(1).contains("none.yaml");

        Commands.Result noManifest = run("run", folder.toString());
        assertThat(noManifest.exitCode()).isEqualTo(2);
        assertThat(noManifest.err()).hasLineCount(1).doesNotContain("\tat ");
    }

    @Test
    void saysThatTheFileOfATableIsNotThere() throws Exception {
        Path manifest = folder.resolve("pizzashop.yaml");
        Files.copy(WEBLOG.resolveSibling("pizzashop.yaml"), manifest);
        Commands.Result result = run("run", manifest.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .hasLineCount(1)
                .startsWith("The table products needs the file ")
                .contains("pizzashop/products.csv, which cannot be read; put it there");
    }

    @Test
    void saysThatTheCommandIsWrong() throws Exception {
        Commands.Result port = run("run", WEBLOG.toString(), "--port", "70000");
        assertThat(port.exitCode()).isEqualTo(2);
        assertThat(port.err()).hasLineCount(1).startsWith("--port 70000 is no port");

        Commands.Result host = run("run", WEBLOG.toString(), "--host", "no.such.host.invalid");
        assertThat(host.exitCode()).isEqualTo(2);
        assertThat(host.err()).hasLineCount(1).startsWith("--host no.such.host.invalid is no");

        Commands.Result unknown = run("run", "--prot", "1");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).startsWith("Unknown option: '--prot'");
    }

    @Test
    void leavesFilesOfOthersAlone() throws Exception {
        Path precious = Files.createDirectory(folder.resolve("documents")).resolve("letter");
        Files.writeString(precious, "dear");
        Commands.Result result =
                run(
                        "run",
                        WEBLOG.toString(),
                        "--fresh",
                        "--port",
                        Integer.toString(FreePorts.one()),
                        "--data",
                        precious.getParent().toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains("holds something else");
        assertThat(precious).hasContent("dear");
    }

    @Test
    void sendSaysWhatItCannotDo() throws Exception {
        Commands.Result nobody = run("send", WEBLOG.toString());
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).hasLineCount(1).startsWith("No pipeline is running");

        String closed = "http://127.0.0.1:" + FreePorts.one();
        Commands.Result missing = run("send", "none.ndjson", "--url", closed);
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).hasLineCount(1).isEqualTo("There is no file none.ndjson\n");

        Commands.Result away = run("send", WEBLOG.toString(), "--url", closed);
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.err())
                .hasLineCount(1)
                .startsWith("The collector at " + closed + "/api/v1/events does not answer")
                .contains("0 events before line 1 were accepted");

        Commands.Result noUrl = run("send", WEBLOG.toString(), "--url", "localhost:8080");
        assertThat(noUrl.exitCode()).isEqualTo(2);
        assertThat(noUrl.err()).hasLineCount(1).startsWith("--url localhost:8080 is no URL");
    }

    @Test
    void endsWhenAServerCannotStart() throws Exception {
        Path data = folder.resolve("data");
        Files.writeString(
                Files.createDirectory(data).resolve("millrace.json"), "{\"pipeline\": \"weblog\"}");
        // One server's folder is held alone, as by a process that is still ending.
        try (EmbeddedKafka other = EmbeddedKafka.start(data.resolve("kafka"), 0)) {
            Commands.Result result =
                    run(
                            "run",
                            WEBLOG.toString(),
                            "--port",
                            Integer.toString(FreePorts.one()),
                            "--data",
                            data.toString());
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .hasLineCount(1)
                    .contains("Kafka cannot use its data folder", "holds it");
            assertThat(result.out()).doesNotContain("Dashboard", "Stopping");
            assertThat(other.bootstrapServers()).isNotEmpty();
        }
        assertNoRedis(data);
        assertThat(data.resolve("endpoints.json")).doesNotExist();
    }

    @Test
    void stopsWhileItStarts() throws Exception {
        Path data = folder.resolve("data");
        try (PipelineProcess pipeline =
                PipelineProcess.begin(folder, data, WEBLOG, FreePorts.one())) {
            pipeline.awaitOutput("Redis   ready");
            assertThat(pipeline.stop(PipelineProcess.STOP)).isEqualTo(PipelineProcess.SIGTERM_EXIT);
            assertThat(pipeline.err()).isEmpty();
            assertThat(pipeline.out()).contains("Stopped; ").doesNotContain("Dashboard");
        }
        assertNoRedis(data);
        assertThat(data.resolve("endpoints.json")).doesNotExist();
    }

    /** A redis-server is a process of its own. */
    private static void assertNoRedis(Path data) throws IOException, InterruptedException {
        String configuration = data.toRealPath().resolve("redis/redis.conf").toString();
        for (int tries = 0; redis(configuration).isPresent(); tries++) {
            assertThat(tries).as("Redis has ended").isLessThan(200);
            Thread.sleep(50);
        }
    }

    private static Optional<ProcessHandle> redis(String configuration) {
        return ProcessHandle.allProcesses()
                .filter(
                        process ->
                                process.info()
                                        .arguments()
                                        .map(all -> String.join(" ", all))
                                        .filter(all -> all.endsWith(configuration))
                                        .isPresent())
                .findFirst();
    }
}
