package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** What a store holds does not have to fit into memory. */
class LargeCollectionTest {

    @TempDir Path folder;

    @Test
    void answersInASmallHeap() throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx80m",
                                "-XX:+UseSerialGC",
                                "-XX:+ExitOnOutOfMemoryError",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LargeCollection.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var output = process.inputReader()) {
            assertThat(output.lines().filter(line -> line.matches("[a-z ]+: \\d+")))
                    .containsExactly(
                            "counted: 100000",
                            "counted of a minute: 1000",
                            "counted without an index: 1000",
                            "read of a minute: 6000",
                            "read of offsets: 109",
                            "read: 100000",
                            "read of a topic: 100000",
                            "newest: 99999",
                            "newest of a page: 99907",
                            "sorted by an index: 100000",
                            "sorted without an index: 1000",
                            "first without an index: 50");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
