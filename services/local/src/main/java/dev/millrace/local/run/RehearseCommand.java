package dev.millrace.local.run;

import dev.millrace.embedded.FreePorts;
import dev.millrace.local.CommandFailure;
import dev.millrace.pipeline.plan.Plan;

import org.springframework.util.FileSystemUtils;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * {@code millrace rehearse}: runs a pipeline for a moment, does with it what people do first, and
 * stops it. The JVM can record what it loads meanwhile, so that later starts take half the time.
 */
@Command(
        name = "rehearse",
        description = "Run a pipeline for a moment, so that the JVM can record what a start needs.",
        hidden = true)
public final class RehearseCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final Duration DWELL = Duration.ofSeconds(2);
    private static final List<String> PAGES =
            List.of("/dashboard/", "/api/v1/pipeline", "/api/v1/status", "/api/v1/metrics");

    @Parameters(index = "0", paramLabel = "FILE", description = "a manifest with a generator")
    private Path file;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Thread.ofPlatform().daemon().start(RehearseCommand::endWhenStuck);
        Plan plan = RunCommand.plan(file);
        Path folder = Files.createTempDirectory("millrace-rehearsal");
        int port = FreePorts.one();
        DataFolder data = DataFolder.open(folder, plan.name(), false);
        LocalRun run =
                LocalRun.start(
                        plan,
                        data,
                        new LocalRun.Settings("127.0.0.1", port, true, null, file, Map.of()));
        try {
            String site = "http://127.0.0.1:" + port;
            for (String page : PAGES) {
                get(site + page);
            }
            post(site + "/api/v1/streams/" + plan.sources().getFirst().name() + "/events");
            for (var metric : plan.metrics()) {
                get(site + "/api/v1/metrics/" + metric.name() + "?compare=previous");
            }
            Thread.sleep(DWELL);
        } finally {
            run.stop();
            data.close();
            FileSystemUtils.deleteRecursively(folder);
        }
        return 0;
    }

    private static void endWhenStuck() {
        try {
            Thread.sleep(LONGEST);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private void get(String url) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(URI.create(url)).GET().build());
    }

    private void post(String url) throws IOException, InterruptedException {
        send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"rehearsal\":true}\n"))
                        .build());
    }

    private void send(HttpRequest request) throws IOException, InterruptedException {
        int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status >= 400) {
            throw new CommandFailure(request.uri() + " answered " + status);
        }
    }
}
