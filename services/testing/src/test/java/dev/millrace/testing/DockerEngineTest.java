package dev.millrace.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

class DockerEngineTest {

    @Test
    void isUsedOnlyWhenAskedFor() {
        assertThat(DockerEngine.reasonAgainst(Map.of()))
                .hasValue("neither MILLRACE_TEST_DOCKER=true nor DOCKER_HOST is set");
        assertThat(
                        DockerEngine.reasonAgainst(
                                Map.of("MILLRACE_TEST_DOCKER", "false", "DOCKER_HOST", "tcp://x")))
                .hasValue("MILLRACE_TEST_DOCKER is false");
    }

    @Test
    void isNotUsedWhenItDoesNotAnswer(@TempDir Path folder) throws IOException {
        assertRefused("unix://" + folder.resolve("docker.sock"));
        assertRefused("nonsense");
        assertRefused("tcp:// no address");
        try (var silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertRefused("tcp://127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void isUsedWhenItAnswers() throws IOException {
        try (var engine = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Thread.startVirtualThread(() -> answer(engine));
            assertThat(
                            DockerEngine.reasonAgainst(
                                    Map.of(
                                            "DOCKER_HOST",
                                            "tcp://127.0.0.1:" + engine.getLocalPort())))
                    .isEmpty();
        }
    }

    private static void assertRefused(String host) {
        assertThat(DockerEngine.reasonAgainst(Map.of("DOCKER_HOST", host)))
                .hasValue("no Docker engine answers at %s within 2 s".formatted(host));
    }

    private static void answer(ServerSocket engine) {
        try (var client = engine.accept()) {
            client.getOutputStream()
                    .write("HTTP/1.0 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
