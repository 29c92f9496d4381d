package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.FreePorts;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code millrace prove} on a running pipeline: every number is right, and a wrong one is found.
 */
class ProveCommandTest {
    private static final Path MANIFEST = Path.of("../../k8s/clickstream.yaml");

    @TempDir Path folder;

    @Test
    void findsWhatWasMeddledWith() throws Exception {
        try (PipelineProcess pipeline =
                PipelineProcess.start(folder, folder.resolve("data"), MANIFEST, FreePorts.one())) {
            pipeline.awaitStatus(status -> status.path("totals").path("valid").asLong() > 500);

            Commands.Result right = Commands.run(folder, "prove");
            assertThat(right.err()).isEmpty();
            assertThat(right.out())
                    .containsPattern("active_users +\\d+ +[1-9]\\d* +0 +0 +0\\n")
                    .containsPattern("page_views +\\d+ +[1-9]\\d* +0 +0 +0\\n")
                    .containsPattern("active_sessions +\\d+ +[1-9]\\d* +0 +0 +0\\n")
                    .contains("no number differs from the records");
            assertThat(right.exitCode()).isZero();

            meddle(pipeline.address("redis"));
            Commands.Result wrong =
                    Commands.run(
                            folder,
                            "prove",
                            "--metric",
                            "active_users",
                            "--url",
                            pipeline.address("api"));
            assertThat(wrong.out())
                    .containsPattern("active_users +\\d+ +\\d+ +1 +0 +1\\n")
                    .contains("different: active_users:")
                    .doesNotContain("page_views");
            assertThat(wrong.exitCode()).isEqualTo(1);

            Commands.Result unknown = Commands.run(folder, "prove", "--metric", "nothing");
            assertThat(unknown.err()).contains("active_users, page_views, active_sessions");
            assertThat(unknown.exitCode()).isEqualTo(2);
        }
    }

    private static void meddle(String url) {
        RedisClient client = RedisClient.create(url);
        try {
            RedisCommands<String, String> redis = client.connect().sync();
            List<String> buckets =
                    redis.zrange("millrace:clickstream:changes", 0, -1).stream()
                            .filter(key -> key.startsWith("active_users:"))
                            .sorted()
                            .toList();
            redis.sadd(buckets.getFirst(), "somebody who never was there");
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    @Test
    void saysThatNothingRuns() throws Exception {
        Commands.Result result = Commands.run(folder, "prove");
        assertThat(result.err()).contains("No pipeline is running");
        assertThat(result.exitCode()).isEqualTo(1);
    }
}
