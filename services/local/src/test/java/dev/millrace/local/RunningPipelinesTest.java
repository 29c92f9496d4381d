package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class RunningPipelinesTest {
    @TempDir Path folder;

    /** A process that notes itself, and waits. */
    static void main(String[] args) throws InterruptedException {
        new RunningPipelines(Path.of(args[0]))
                .add(Map.of("pipeline", args[1], "collector", "http://localhost:1"));
        System.out.println("noted");
        Thread.sleep(TimeUnit.MINUTES.toMillis(5));
    }

    private Process noted(String name) throws IOException {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                RunningPipelinesTest.class.getName(),
                                folder.toString(),
                                name)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(process.inputReader().readLine()).isEqualTo("noted");
        return process;
    }

    @Test
    void knowsWhoLivesAndForgetsTheDead() throws Exception {
        RunningPipelines pipelines = new RunningPipelines(folder);
        Process one = noted("one");
        Process two = noted("two");
        try {
            assertThat(pipelines.list())
                    .extracting(RunningPipelines.Running::name)
                    .containsExactlyInAnyOrder("one", "two");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(
                                            folder.resolve(one.pid() + ".json"))))
                    .isEqualTo("rw-------");

            one.destroyForcibly().waitFor();

            assertThat(pipelines.list())
                    .containsExactly(
                            new RunningPipelines.Running("two", "http://localhost:1", "", "", ""));
            assertThat(folder.resolve(one.pid() + ".json")).doesNotExist();
        } finally {
            one.destroyForcibly();
            two.destroyForcibly().waitFor();
        }
        assertThat(pipelines.list()).isEmpty();
    }

    @Test
    void aNoteOfSomebodyElseWithTheSameProcessIdIsNoPipeline() throws IOException {
        Files.writeString(
                folder.resolve(ProcessHandle.current().pid() + ".json"),
                "{\"pipeline\": \"gone\", \"collector\": \"http://localhost:1\"}");
        Files.writeString(folder.resolve("1.json.new"), "{");
        assertThat(new RunningPipelines(folder).list()).isEmpty();
    }

    @Test
    void isGoneWhenItIsRemoved() {
        RunningPipelines pipelines = new RunningPipelines(folder.resolve("new"));
        assertThat(pipelines.list()).isEqualTo(List.of());
        pipelines.remove();
        pipelines.add(Map.of("pipeline", "here"));
        assertThat(folder.resolve("new")).isNotEmptyDirectory();
        pipelines.remove();
        assertThat(folder.resolve("new")).isEmptyDirectory();
    }
}
