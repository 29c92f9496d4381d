package dev.millrace.bench;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * A process's HTTP port on this machine.
 *
 * @param port on 127.0.0.1
 */
public record Endpoint(int port) {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** A port that nothing listens on yet. */
    public static Endpoint free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Endpoint(socket.getLocalPort());
        }
    }

    /** The JSON at a path; a missing node where it is not answered with 200. */
    public JsonNode get(String path) throws InterruptedException {
        try {
            var answer = CLIENT.send(request(path), BodyHandlers.ofByteArray());
            return answer.statusCode() == 200
                    ? JsonMapper.shared().readTree(answer.body())
                    : MissingNode.getInstance();
        } catch (IOException _) {
            return MissingNode.getInstance();
        }
    }

    /** Reads a stream for as long as it lasts, in the background. */
    public void follow(String path) {
        var stream = HttpRequest.newBuilder(uri(path)).build();
        CLIENT.sendAsync(stream, BodyHandlers.discarding());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(5)).build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
