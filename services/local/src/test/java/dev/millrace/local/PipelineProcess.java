package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A pipeline that {@code millrace run} runs in a process of its own. */
final class PipelineProcess implements AutoCloseable {
    /** What the kernel makes of SIGTERM where the JVM stops by it. */
    static final int SIGTERM_EXIT = 143;

    /** Less than a part of it may take that does not stop by itself, which is 30 s. */
    static final Duration STOP = Duration.ofSeconds(28);

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Process process;
    private final Path out;
    private final Path err;
    private final Path data;

    private PipelineProcess(Process process, Path out, Path err, Path data) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.data = data;
    }

    /** Begins to start a pipeline. */
    static PipelineProcess begin(Path home, Path data, Path manifest, int port, String... more)
            throws IOException {
        return begin(home, data, manifest, port, Map.of(), more);
    }

    /** Begins to start a pipeline, with variables of its environment. */
    static PipelineProcess begin(
            Path home,
            Path data,
            Path manifest,
            int port,
            Map<String, String> environment,
            String... more)
            throws IOException {
        Files.createDirectories(home);
        Path out = Files.createTempFile(home, "run", ".out");
        Path err = Files.createTempFile(home, "run", ".err");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                manifest.toString(),
                                "--port",
                                Integer.toString(port),
                                "--data",
                                data.toString()));
        arguments.addAll(List.of(more));
        return new PipelineProcess(
                Commands.start(home, out, err, arguments, environment), out, err, data);
    }

    /** Starts a pipeline, and returns when it says where its dashboard is. */
    static PipelineProcess start(Path home, Path data, Path manifest, int port, String... more)
            throws IOException, InterruptedException {
        PipelineProcess pipeline = begin(home, data, manifest, port, more);
        try {
            pipeline.awaitOutput("\nDashboard: ");
            return pipeline;
        } catch (AssertionError | IOException | InterruptedException e) {
            pipeline.close();
            throw e;
        }
    }

    /** Returns when it has printed a text. */
    void awaitOutput(String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!out().contains(text)) {
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as("it prints %s; so far:%n%s%n%s", text, out(), Files.readString(err))
                    .isTrue();
            Thread.sleep(50);
        }
    }

    /** What it has printed. */
    String out() throws IOException {
        return Files.readString(out);
    }

    /** What it has printed of errors. */
    String err() throws IOException {
        return Files.readString(err);
    }

    long pid() {
        return process.pid();
    }

    /** What it wrote to {@code endpoints.json}. */
    JsonNode endpoints() throws IOException {
        return JSON.readTree(Files.readAllBytes(data.resolve("endpoints.json")));
    }

    /** An address of {@code endpoints.json}. */
    String address(String name) throws IOException {
        return endpoints().path(name).asString();
    }

    /** The JSON that the API answers with 200. */
    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = request(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** How many records Kafka has of a topic. */
    long records(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address("kafka")))) {
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

    /** How many events a status says were seen. */
    static long events(JsonNode status) {
        return status.path("totals").path("events").asLong();
    }

    HttpResponse<byte[]> request(String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(address("api") + path))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /** All groups of a metric, page by page. */
    List<JsonNode> groups(String metric, String window, int pageSize)
            throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        long total;
        do {
            JsonNode page =
                    get(
                            "/api/v1/metrics/%s?window=%s&limit=%d&offset=%d&compare=previous"
                                    .formatted(
                                            metric,
                                            URLEncoder.encode(window, StandardCharsets.UTF_8),
                                            pageSize,
                                            all.size()));
            total = page.path("totalGroups").asLong(-1);
            JsonNode groups = page.path("groups");
            assertThat(groups.size()).isEqualTo((int) Math.min(pageSize, total - all.size()));
            groups.forEach(all::add);
        } while (all.size() < total);
        return all;
    }

    /** Returns the API's status when it is as asked for. */
    JsonNode awaitStatus(Predicate<JsonNode> fits) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode status = get("/api/v1/status");
            if (fits.test(status)) {
                return status;
            }
            assertThat(System.nanoTime())
                    .as("in time; last status %s", status)
                    .isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    /** Asks it to stop (SIGTERM), and tells what it ended with. */
    int stop(Duration longest) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS))
                .as("stopped within %s", longest)
                .isTrue();
        return process.exitValue();
    }

    /** SIGKILL: nothing in the process gets to run any more. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
