package dev.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.local.CommandFailure;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class DataFolderTest {
    private Path folder;

    @BeforeEach
    void choose(@TempDir Path temporary) {
        folder = temporary.resolve("some/data");
    }

    @Test
    void remembersItsPorts() {
        int port;
        try (DataFolder data = DataFolder.open(folder, "one", false)) {
            port = data.port("kafka");
            assertThat(data.port("kafka")).isEqualTo(port);
            assertThat(data.port("redis")).isNotEqualTo(port);
        }
        try (DataFolder data = DataFolder.open(folder, "one", false)) {
            assertThat(data.port("kafka")).isEqualTo(port);
        }
    }

    @Test
    void choosesAnotherPortWhereTheFormerIsTaken() throws IOException {
        int port;
        try (DataFolder data = DataFolder.open(folder, "one", false)) {
            port = data.port("kafka");
        }
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
                DataFolder data = DataFolder.open(folder, "one", false)) {
            assertThat(data.port("kafka")).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void isHeldByOneAtATime() {
        try (DataFolder data = DataFolder.open(folder, "one", false)) {
            for (boolean fresh : new boolean[] {false, true}) {
                assertThatThrownBy(() -> DataFolder.open(folder, "one", fresh))
                        .isInstanceOf(CommandFailure.class)
                        .hasMessageContaining("is running with the data in " + data.path());
            }
        }
        DataFolder.open(folder, "one", false).close();
    }

    @Test
    void isOfOnePipeline() throws IOException {
        DataFolder.open(folder, "one", false).close();
        Files.writeString(folder.resolve("file"), "of one");
        assertThatThrownBy(() -> DataFolder.open(folder, "two", false))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("holds the data of the pipeline one")
                .hasMessageContaining("--fresh");
        assertThat(folder.resolve("file")).exists();
        DataFolder.open(folder, "two", true).close();
        assertThat(folder.resolve("file")).doesNotExist();
        DataFolder.open(folder, "two", false).close();
    }

    @Test
    void freshForgetsPortsAndFiles() throws IOException {
        try (DataFolder data = DataFolder.open(folder, "one", false)) {
            data.port("kafka");
            Files.createDirectories(data.server("kafka").resolve("deep/er"));
            data.write("endpoints.json", Map.of("api", "x"));
        }
        try (DataFolder data = DataFolder.open(folder, "one", true)) {
            assertThat(data.path()).isDirectoryNotContaining("glob:**/{kafka,endpoints.json}");
            assertThat(data.path().resolve("millrace.json")).content().doesNotContain("kafka");
        }
    }

    @Test
    void neverTouchesWhatIsNotOurs() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("letter"), "dear");
        for (boolean fresh : new boolean[] {false, true}) {
            assertThatThrownBy(() -> DataFolder.open(folder, "one", fresh))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("something else");
        }
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("letter"));
        assertThatThrownBy(() -> DataFolder.open(folder.resolve("letter"), "one", true))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("is a file");
        assertThat(folder.resolve("letter")).hasContent("dear");
    }

    @Test
    void goesOnAfterAStartThatWasCutOff() throws IOException {
        Files.createDirectories(folder);
        Files.createFile(folder.resolve("lock"));
        Files.writeString(folder.resolve("millrace.json.new"), "{\"pipe");
        DataFolder.open(folder, "one", false).close();
        assertThat(folder.resolve("millrace.json")).content().contains("\"one\"");
    }

    @Test
    void saysThatItsMarkIsDamaged() throws IOException {
        DataFolder.open(folder, "one", false).close();
        Files.writeString(folder.resolve("millrace.json"), "{\"pipe");
        assertThatThrownBy(() -> DataFolder.open(folder, "one", false))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("--fresh");
        DataFolder.open(folder, "one", true).close();
        DataFolder.open(folder, "one", false).close();
    }

    @Test
    void writesFilesWhole() throws IOException {
        try (DataFolder data = DataFolder.open(folder, "one", false)) {
            data.write("endpoints.json", Map.of("api", "http://localhost:1"));
            assertThat(folder.resolve("endpoints.json")).content().contains("http://localhost:1");
            data.write("endpoints.json", Map.of("api", "x"));
            assertThat(folder.resolve("endpoints.json")).content().doesNotContain("localhost");
            data.remove("endpoints.json");
            data.remove("endpoints.json");
            assertThat(folder.resolve("endpoints.json")).doesNotExist();
            assertThat(folder.resolve("endpoints.json.new")).doesNotExist();
        }
    }
}
