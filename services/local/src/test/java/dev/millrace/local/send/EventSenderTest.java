package dev.millrace.local.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.millrace.local.CommandFailure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How the sender goes about a collector's answers; the collector itself is tested elsewhere. */
class EventSenderTest {
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> bodies = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private HttpServer server;
    private URI target;

    private record Answer(int status, String body) {}

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    bodies.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    Answer answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
                    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Retry-After", "0");
                    exchange.sendResponseHeaders(answer.status(), body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        target = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/events");
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private Summary send(String text) throws IOException, InterruptedException {
        Progress progress =
                new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false, -1);
        return new EventSender(target, progress)
                .send(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void answer(int status, String body) {
        answers.add(new Answer(status, body));
    }

    @Test
    void sendsInBatchesAndInOrder() throws Exception {
        answer(202, "{\"accepted\":500,\"invalid\":0}");
        answer(202, "{\"accepted\":500,\"invalid\":0}");
        answer(202, "{\"accepted\":234,\"invalid\":2}");
        String text =
                IntStream.range(0, 1_234).mapToObj(i -> i + "\n").collect(Collectors.joining());
        Summary summary = send(text);
        assertThat(bodies).hasSize(3);
        assertThat(String.join("", bodies)).isEqualTo(text);
        assertThat(summary.text(target))
                .startsWith("Sent 1,234 events to " + target + " in ")
                .endsWith("; 2 of them not valid: they go to the dead letters");
    }

    @Test
    void splitsLargeBatchesAndLeavesOutWhatIsTooLarge() throws Exception {
        answer(202, "{\"accepted\":1,\"invalid\":0}");
        String line = "x".repeat(1 << 20) + "\n";
        Summary summary = send(line.repeat(9) + "x" + line);
        assertThat(bodies).extracting(String::length).allMatch(length -> length <= (4 << 20) + 10);
        assertThat(String.join("", bodies)).isEqualTo(line.repeat(9));
        assertThat(summary.text(target))
                .contains("; 1 too large, and not sent")
                .contains("line 10: 1048577 bytes is more than an event may have");
    }

    @Test
    void numbersProblemsAsTheFileDoes() throws Exception {
        answer(
                202,
                "{\"accepted\":2,\"invalid\":1,\"problems\":[{\"index\":1,\"reason\":\"Not JSON\"}]}");
        assertThat(send("\n{}\n \n\nwrong\n").text(target)).endsWith("\n  line 5: Not JSON");
    }

    @Test
    void triesAgainWhereItIsAskedTo() throws Exception {
        answer(429, "{\"detail\":\"More events arrive than Kafka takes.\"}");
        answer(503, "{\"detail\":\"not yet\",\"accepted\":0,\"events\":0}");
        answer(503, "<html>no upstream</html>");
        answer(202, "{\"accepted\":1,\"invalid\":0}");
        assertThat(send("{}\n").accepted()).isEqualTo(1);
        assertThat(bodies).hasSize(4).containsOnly("{}\n");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "The collector asks to wait: More events arrive than Kafka takes."
                                + System.lineSeparator());
    }

    @Test
    void doesNotSendTwiceWhatMayBeWritten() {
        answer(202, "{\"accepted\":500,\"invalid\":0}");
        answer(503, "{\"detail\":\"Kafka did not acknowledge\",\"accepted\":0,\"events\":1}");
        assertThatThrownBy(() -> send("1\n".repeat(501)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining(
                        "answered 503 to the lines 501 to 501: Kafka did not acknowledge")
                .hasMessageEndingWith("500 events before line 501 were accepted.");
        assertThat(bodies).hasSize(2);
    }

    @Test
    void saysWhatSomethingElseAnswers() {
        answer(404, "<html>\n" + "long".repeat(1_000) + "</html>");
        assertThatThrownBy(() -> send("{}\n"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("answered 404 to the lines 1 to 1: <html>")
                .message()
                .hasSizeLessThan(600);
        answers.clear();
        answer(500, "");
        assertThatThrownBy(() -> send("{}\n")).hasMessageContaining("answered 500");
    }
}
