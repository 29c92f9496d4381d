package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class EmbeddedKafkaTest {

    @TempDir Path folder;

    @Test
    void keepsRecordsAndGroupsOverRestarts() throws Exception {
        int port;
        try (var kafka = EmbeddedKafka.start(folder, 0)) {
            port = kafka.port();
            KafkaClients.createTopic(kafka, "events");
            KafkaClients.send(kafka, "events", List.of("first"));
            assertThat(KafkaClients.read(kafka, "events", 1)).containsExactly("first");

            kafka.restart();
            assertThat(kafka.port()).isEqualTo(port);
            KafkaClients.send(kafka, "events", List.of("second"));
            assertThat(KafkaClients.read(kafka, "events", 1)).containsExactly("second");

            kafka.stop();
            assertThat(FreePorts.isFree(port)).isTrue();
            kafka.restart();
            KafkaClients.send(kafka, "events", List.of("third"));
        }
        try (var kafka = EmbeddedKafka.start(folder, port)) {
            KafkaClients.send(kafka, "events", List.of("fourth"));
            assertThat(KafkaClients.read(kafka, "events", 2)).containsExactly("third", "fourth");
        }
    }

    @Test
    void createsNoTopicByUseAndTakesSettings() {
        var settings = Map.of("message.max.bytes", "1000", "auto.create.topics.enable", "false");
        try (var kafka = EmbeddedKafka.start(folder, 0, settings)) {
            assertThatThrownBy(() -> KafkaClients.send(kafka, "unknown", List.of("x"), 1_500))
                    .hasMessageContaining("unknown");
        }
    }

    @Test
    void saysThatThePortIsTaken() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedKafka.start(folder, other.getLocalPort()))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("127.0.0.1:" + other.getLocalPort())
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void saysThatTheFolderCannotBeUsed() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> EmbeddedKafka.start(file, 0))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("choose another one");
    }

    @Test
    void saysThatTheDataIsDamagedAndGivesTheFolderBack() throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        Files.writeString(folder.resolve("logs").resolve("meta.properties"), "version=1\n");
        for (var time = 0; time < 2; time++) {
            assertThatThrownBy(() -> EmbeddedKafka.start(folder, 0))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining(folder.getFileName().toString())
                    .hasMessageContaining("delete that folder to start empty")
                    .hasMessageNotContaining("holds it");
        }
    }
}
