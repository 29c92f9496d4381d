package dev.millrace.api.stats;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.socket.LivePage;
import dev.millrace.api.state.StateWriter;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A page that has its numbers through the topic, on real servers that fail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThroughTopicTest {
    private EmbeddedRedis redis;
    private EmbeddedKafka kafka;
    private Plan plan;
    private StateWriter writer;
    private int topics;

    @BeforeAll
    void startServers(@TempDir Path folder) {
        redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        kafka =
                EmbeddedKafka.start(
                        folder.resolve("kafka"),
                        0,
                        Map.of("group.initial.rebalance.delay.ms", "0"));
    }

    @AfterAll
    void stopServers() {
        redis.close();
        kafka.close();
    }

    /** A pipeline of its own for each test, so that each has a topic of its own. */
    @BeforeEach
    void begin() {
        topics++;
        plan =
                ManifestReader.parse(
                        "test",
                        """
                        apiVersion: millrace.dev/v1alpha1
                        kind: AnalyticsPipeline
                        metadata: {name: page%d}
                        spec:
                          streams:
                            - name: orders
                              fields: {at: {type: timestamp}, page: {type: string}}
                              time: at
                          metrics:
                            - {name: orders, measure: count, window: 5m}
                            - {name: by_page, measure: count, by: page, window: 5m}
                          stats: {every: 100ms, groups: 10}
                          dashboard: {live: websocket, through: stats}
                        """
                                .formatted(topics));
        writer = new StateWriter(plan, redis.url());
        writer.begin("era-1");
        write(2, Map.of("/", 4L, "/a", 3L));
    }

    @AfterEach
    void end() {
        writer.close();
    }

    private void write(long orders, Map<String, Long> pages) {
        Instant now = Instant.now();
        writer.add("orders", now, orders);
        pages.forEach((page, count) -> writer.add("by_page", now, page, count));
        writer.total("valid", orders).flush();
    }

    private ApiServer serve(String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.add("--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers());
        settings.addAll(
                List.of(
                        "stats.session=6s",
                        "stats.patience=2s",
                        "stats.heartbeat=300ms",
                        "stats.silence=2s"));
        return new ApiServer(plan, redis.url(), settings.toArray(String[]::new));
    }

    private static LivePage page(ApiServer server) {
        return new LivePage(server.uri("/api/v1/socket"));
    }

    private static JsonNode status(ApiServer server) throws Exception {
        return server.json("/api/v1/status").path("stats").path("page");
    }

    private static String number(String metric, String group) {
        return "{\"metric\":\"%s\",\"window\":\"5m\"%s}"
                .formatted(metric, group == null ? "" : ",\"group\":\"" + group + "\"");
    }

    @Test
    void whatIsCountedIsPushedThroughTheTopic() throws Exception {
        try (ApiServer server = serve();
                LivePage page = page(server)) {
            await(() -> page.through().equals("stats") && page.value("orders").equals("2"));
            assertThat(page.groups("by_page")).isEqualTo("/=4, /a=3");
            assertThat(page.last().path("throughReason").isNull()).isTrue();

            write(3, Map.of("/b", 9L));

            await(() -> page.value("orders").equals("5"));
            assertThat(page.groups("by_page")).isEqualTo("/b=9, /=4, /a=3");
            assertThat(page.last().path("totals").path("valid").asInt()).isEqualTo(5);
            await(() -> status(server).path("through").asString().equals("stats"));
            assertThat(status(server).path("delayMillis").isInt()).isTrue();
            assertThat(server.json("/api/v1/pipeline").path("through").asString())
                    .isEqualTo("stats");
            assertThat(server.get("/actuator/prometheus").body())
                    .contains("millrace_stats_through 1.0", "millrace_stats_delay_seconds");
        }
    }

    @Test
    void whatAnotherHasWrittenToTheTopicIsWhatThePageShows() throws Exception {
        try (ApiServer server = serve();
                LivePage page = page(server);
                TopicReader topic = new TopicReader(plan, kafka.bootstrapServers());
                KafkaProducer<String, String> other = producer()) {
            await(() -> page.through().equals("stats") && page.value("orders").equals("2"));
            await(() -> topic.value("orders", null).equals("2"));
            String end = "{\"pipeline\":\"" + plan.name() + "\"}";
            ObjectNode last = (ObjectNode) topic.pipeline(plan);
            other.initTransactions();

            other.beginTransaction();
            other.send(message(number("orders", null), "{\"value\":77,\"previous\":1}"));
            other.send(message(end, last.toString()));
            other.flush();
            other.abortTransaction();
            other.beginTransaction();
            other.send(message(number("orders", null), "{\"value\":99,\"previous\":1}"));
            other.send(message(number("by_page", "/"), null));
            other.send(message(number("by_page", "/x"), "{\"value\":2.5,\"previous\":null}"));
            other.send(message(end, last.put("at", Instant.now().toString()).toString()));
            other.commitTransaction();

            await(() -> page.value("orders").equals("99"));
            assertThat(page.groups("by_page")).isEqualTo("/a=3, /x=2.5");
            assertThat(page.values()).as("what was undone").doesNotContain("orders=77");
            assertThat(server.json("/api/v1/metrics/orders").path("value").asInt())
                    .as("what Redis says")
                    .isEqualTo(2);
        }
    }

    private ProducerRecord<String, String> message(String key, String value) {
        return new ProducerRecord<>(plan.statsTopic(), key, value);
    }

    private KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "another"),
                new StringSerializer(),
                new StringSerializer());
    }

    @Test
    void whileKafkaIsAwayThePageGoesOnAndSaysSo() throws Exception {
        try (ApiServer server = serve();
                LivePage page = page(server)) {
            await(() -> page.through().equals("stats") && page.value("orders").equals("2"));

            kafka.stop();
            write(5, Map.of("/", 1L));

            await(() -> page.value("orders").equals("7"));
            assertThat(page.through()).isEqualTo("snapshot");
            assertThat(page.last().path("throughReason").asString()).isNotEmpty();
            assertThat(page.last().path("state").asString()).isEqualTo("live");
            await(() -> status(server).path("through").asString().equals("snapshot"));
            assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);

            kafka.restart();
            await(() -> page.through().equals("stats"));
            write(1, Map.of());
            await(() -> page.value("orders").equals("8") && page.through().equals("stats"));
        }
    }

    @Test
    void aTopicMayComeLaterAndFallSilentAndGoOn() throws Exception {
        try (ApiServer follower = serve("stats.enabled=false");
                LivePage page = page(follower)) {
            await(() -> page.last().path("throughReason").asString("").contains("no such topic"));
            assertThat(page.value("orders")).isEqualTo("2");

            try (ApiServer publisher = serve()) {
                await(() -> status(publisher).path("through").asString().equals("stats"));
                await(() -> page.through().equals("stats"));
                write(1, Map.of());
                await(() -> page.value("orders").equals("3"));
                assertThat(page.through()).isEqualTo("stats");
            }
            write(1, Map.of());
            await(() -> page.through().equals("snapshot") && page.value("orders").equals("4"));
            assertThat(page.last().path("throughReason").asString())
                    .isEqualTo("it has said nothing new for 2 s");

            try (ApiServer publisher = serve()) {
                await(() -> page.through().equals("stats"));
                write(1, Map.of());
                await(() -> page.value("orders").equals("5"));
                assertThat(page.through()).isEqualTo("stats");
                assertThat(status(publisher).path("through").asString()).isEqualTo("stats");
            }
        }
    }
}
