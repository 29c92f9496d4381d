package dev.millrace.api.socket;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.Pipelines;
import dev.millrace.api.state.StateWriter;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.Patience;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class SocketTest {
    private static final Plan PLAN = Pipelines.shop();
    private static final int CLIENTS = 3;
    private StateWriter writer;
    private ApiServer server;
    private final List<Client> clients = new ArrayList<>();

    @BeforeEach
    void begin() {
        writer = new StateWriter(PLAN, TestServers.redis().url());
        writer.begin("era").add("orders", Instant.now(), 1).total("valid", 1).flush();
        server =
                new ApiServer(
                        PLAN, TestServers.redis().url(), "clients=" + CLIENTS, "heartbeat=200ms");
        await(() -> server.json("/stats").path("totals").path("orders").asInt() == 1);
    }

    @AfterEach
    void end() {
        clients.forEach(client -> client.socket.abort());
        server.close();
        writer.close();
    }

    private Client open(String query) {
        Client client = new Client();
        client.socket =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .connectTimeout(Patience.LONGEST)
                        .buildAsync(uri(query), client)
                        .join();
        clients.add(client);
        return client;
    }

    private URI uri(String query) {
        return URI.create(
                server.uri(LiveSocket.PATH + query).toString().replaceFirst("^http", "ws"));
    }

    private void order() {
        writer.add("orders", Instant.now(), 1).total("valid", 1).flush();
    }

    @Test
    void aSnapshotIsFollowedByWhatChanges() throws Exception {
        Client client = open("");
        JsonNode first = client.next();
        assertThat(first.path("event").asString()).isEqualTo("snapshot");
        assertThat(events(first)).isEqualTo(1);

        order();
        JsonNode next = client.next();
        while (events(next) < 2) {
            // windows move by themselves at the end of a minute
            next = client.next();
        }
        assertThat(next.path("event").asString()).isEqualTo("update");
    }

    @Test
    void whoComesBackGoesOnWhereItWas() throws Exception {
        Client client = open("");
        String last = client.next().path("id").asString();
        client.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        order();

        JsonNode next = open("?lastEventId=" + last).next();
        assertThat(next.path("event").asString()).isEqualTo("update");
    }

    @Test
    void overTheLimitNobodyMoreIsTaken() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            open("").next();
        }
        Client over = open("");
        assertThat(over.closed.get(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1013);

        clients.getFirst().socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        await(
                () -> {
                    Client again = open("");
                    return again.isServed();
                });
    }

    @Test
    void whatClientsSayIsNotHeard() throws Exception {
        Client client = open("");
        client.next();
        client.socket.sendText("{\"hello\":1}", true).join();
        order();
        assertThat(client.next().path("event").asString()).isEqualTo("update");
    }

    @Test
    void theServerSaysGoodbyeWhenItStops() throws Exception {
        Client client = open("");
        client.next();
        server.close();
        assertThat(client.closed.get(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(1001);
    }

    @ParameterizedTest
    @CsvSource({
        "http://shop.example.org, shop.example.org, false",
        "https://SHOP.example.org, shop.example.org, false",
        "http://localhost:8080, localhost:8080, false",
        "http://localhost:3000, localhost:8080, true",
        "https://evil.example.org, shop.example.org, true",
        "null, shop.example.org, true",
        "::, shop.example.org, true"
    })
    void pagesOfOtherSitesAreForeign(String origin, String host, boolean foreign) {
        assertThat(LiveSocket.isForeign(Map.of("Origin", List.of(origin), "Host", List.of(host))))
                .isEqualTo(foreign);
    }

    @Test
    void programsHaveNoOrigin() {
        assertThat(LiveSocket.isForeign(Map.of("Host", List.of("shop")))).isFalse();
    }

    private static int events(JsonNode message) {
        return message.path("data").path("totals").path("events").asInt(-1);
    }

    private static final class Client implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private WebSocket socket;

        /** Whether it gets messages; else the server has closed it. */
        boolean isServed() throws InterruptedException {
            while (messages.isEmpty() && !closed.isDone()) {
                Thread.sleep(20);
            }
            return !messages.isEmpty();
        }

        JsonNode next() throws InterruptedException {
            JsonNode message = messages.poll(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            return message;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                messages.add(JsonMapper.shared().readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }
}
