package dev.millrace.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whether tests are to use a Docker engine: only when somebody asked for it and it answers. */
final class DockerEngine {

    static final String WANTED = "MILLRACE_TEST_DOCKER";
    static final String HOST = "DOCKER_HOST";

    private static final String USUAL_HOST = "unix:///var/run/docker.sock";
    private static final int PATIENCE_SECONDS = 2;

    private DockerEngine() {}

    /**
     * Why no engine is to be used.
     *
     * @param environment the variables of the process
     * @return a reason, or nothing when there is an engine to use
     */
    static Optional<String> reasonAgainst(Map<String, String> environment) {
        var wanted = environment.getOrDefault(WANTED, "");
        var host = environment.getOrDefault(HOST, "");
        if (wanted.equalsIgnoreCase("false")) {
            return Optional.of("%s is false".formatted(WANTED));
        }
        if (!wanted.equalsIgnoreCase("true") && host.isBlank()) {
            return Optional.of("neither %s=true nor %s is set".formatted(WANTED, HOST));
        }
        var used = host.isBlank() ? USUAL_HOST : host;
        return answers(used)
                ? Optional.empty()
                : Optional.of(
                        "no Docker engine answers at %s within %d s"
                                .formatted(used, PATIENCE_SECONDS));
    }

    private static boolean answers(String host) {
        try (var channel = open(host)) {
            var answer =
                    CompletableFuture.supplyAsync(
                            () -> ping(channel, host), Thread::startVirtualThread);
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | IllegalArgumentException | ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static SocketChannel open(String host) throws IOException {
        return host.startsWith("unix:")
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
    }

    private static boolean ping(SocketChannel channel, String host) {
        try {
            channel.connect(address(host));
            channel.write(
                    ByteBuffer.wrap(
                            "GET /_ping HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            return channel.read(ByteBuffer.allocate(64)) > 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static SocketAddress address(String host) {
        var uri = URI.create(host);
        return host.startsWith("unix:")
                ? UnixDomainSocketAddress.of(uri.getPath())
                : new InetSocketAddress(uri.getHost(), uri.getPort());
    }
}
