package dev.millrace.api.stats;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.ApiServer;
import dev.millrace.api.state.StateWriter;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Numbers in their topic, on real servers that fail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatsTest {
    private EmbeddedRedis redis;
    private EmbeddedKafka kafka;
    private Plan plan;
    private StateWriter writer;
    private TopicReader topic;
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
        plan = plan("", "{every: 100ms, groups: 2}");
        writer = new StateWriter(plan, redis.url());
        writer.begin("era-1");
        write(2, Map.of("/", 4L, "/a", 3L));
        topic = new TopicReader(plan, kafka.bootstrapServers());
    }

    @AfterEach
    void end() {
        topic.close();
        writer.close();
    }

    private Plan plan(String moreMetrics, String stats) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: shop%d}
                spec:
                  streams:
                    - name: orders
                      fields: {at: {type: timestamp}, page: {type: string}}
                      time: at
                  metrics:
                    - {name: orders, measure: count, window: 5m}
                    - {name: by_page, measure: count, by: page, window: 5m}
                %s
                  stats: %s
                """
                        .formatted(topics, moreMetrics, stats));
    }

    private void write(long orders, Map<String, Long> pages) {
        Instant now = Instant.now();
        writer.add("orders", now, orders);
        pages.forEach((page, count) -> writer.add("by_page", now, page, count));
        writer.total("valid", orders).flush();
    }

    private ApiServer serve(Plan served) {
        return new ApiServer(
                served,
                redis.url(),
                "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "stats.session=6s",
                "stats.patience=2s",
                "stats.heartbeat=300ms");
    }

    private JsonNode pipeline() {
        return topic.pipeline(plan);
    }

    private static JsonNode stats(ApiServer server) throws Exception {
        return server.json("/api/v1/status").path("stats");
    }

    @Test
    void numbersAreInACompactedTopicAndFollowWhatIsCounted() throws Exception {
        try (ApiServer server = serve(plan)) {
            await(() -> topic.value("orders", null).equals("2"));
            await(() -> topic.value("by_page", "/a").equals("3"));
            await(() -> pipeline().path("totals").path("valid").asInt() == 2);
            assertThat(pipeline().path("state").asString()).isEqualTo("live");
            assertThat(topic.value("by_page", "/")).isEqualTo("4");
            int before = topic.sent().size();

            // one is overtaken, of two that are published
            write(1, Map.of("/b", 9L));
            await(() -> topic.value("by_page", "/b").equals("9"));

            assertThat(topic.value("by_page", "/a")).isEqualTo("gone");
            assertThat(topic.value("orders", null)).isEqualTo("3");
            assertThat(topic.sent().subList(before, topic.sent().size()))
                    .as("what did not change is not sent again")
                    .noneMatch(key -> key.endsWith("\"/\"}"));
            await(() -> stats(server).path("writing").asBoolean());
            assertThat(stats(server).path("numbers").asInt()).isEqualTo(4);
            assertThat(server.get("/actuator/prometheus").body())
                    .contains("millrace_stats_messages_total", "millrace_stats_lag_seconds");
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            ConfigResource resource =
                    new ConfigResource(ConfigResource.Type.TOPIC, plan.statsTopic());
            assertThat(
                            admin.describeConfigs(List.of(resource))
                                    .all()
                                    .get()
                                    .get(resource)
                                    .get("cleanup.policy")
                                    .value())
                    .isEqualTo("compact");
        }
    }

    @Test
    void oneReplicaPublishesAndAnotherGoesOn() throws Exception {
        ApiServer first = serve(plan);
        try (ApiServer second = serve(plan)) {
            await(() -> topic.value("orders", null).equals("2"));
            await(
                    () ->
                            stats(first).path("writing").asBoolean()
                                    ^ stats(second).path("writing").asBoolean());
            assertThat(topic.sent()).doesNotHaveDuplicates();
            int before = topic.sent().size();

            first.close();
            write(5, Map.of("/", 1L));

            await(() -> topic.value("orders", null).equals("7"));
            await(() -> topic.value("by_page", "/").equals("5"));
            await(() -> stats(second).path("writing").asBoolean());
            assertThat(topic.sent().subList(before, topic.sent().size()))
                    .as("who takes over sends what differs")
                    .doesNotContain("{\"metric\":\"by_page\",\"window\":\"5m\",\"group\":\"/a\"}");
        } finally {
            first.close();
        }
    }

    @Test
    void afterARestartWithAnotherManifestWhatIsGoneIsTakenAway() throws Exception {
        Plan former =
                plan("    - {name: more, measure: count, by: page, window: 5m}", "{every: 100ms}");
        try (StateWriter old = new StateWriter(former, redis.url())) {
            old.begin("era-0");
            old.add("orders", Instant.now(), 1).add("more", Instant.now(), "/x", 2).flush();
            try (ApiServer server = serve(former)) {
                await(() -> topic.value("more", "/x").equals("2"));
            }
        }
        try (ApiServer server = serve(plan)) {
            // the numbers of the new manifest are not there yet: those of the former one stay
            await(() -> pipeline().path("state").asString().equals("waiting"));
            assertThat(topic.value("more", "/x")).isEqualTo("2");
            assertThat(topic.value("orders", null)).isEqualTo("1");

            writer.begin("era-1");
            write(2, Map.of("/", 4L));

            await(() -> topic.value("orders", null).equals("2"));
            await(() -> topic.value("more", "/x").equals("gone"));
            assertThat(topic.value("more", null)).isEqualTo("gone");
            await(() -> pipeline().path("state").asString().equals("live"));
        }
    }

    @Test
    void whileKafkaIsAwayTheApiServesAndAfterwardsEverythingIsPublished() throws Exception {
        try (ApiServer server = serve(plan)) {
            await(() -> topic.value("orders", null).equals("2"));

            kafka.stop();
            write(5, Map.of("/", 1L));

            await(() -> stats(server).path("failures").asInt() > 0);
            assertThat(stats(server).path("waiting").asString()).startsWith("Kafka fails: ");
            assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(server.json("/api/v1/metrics/orders").path("value").asInt()).isEqualTo(7);

            kafka.restart();
            await(() -> topic.value("orders", null).equals("7"));
            await(() -> stats(server).path("waiting").isNull());
        }
    }

    @Test
    void whileRedisIsAwayTheNumbersStayAndAreMarked(@TempDir Path folder) throws Exception {
        try (EmbeddedRedis own = EmbeddedRedis.start(folder, 0);
                StateWriter state = new StateWriter(plan, own.url())) {
            state.begin("era-1").add("orders", Instant.now(), 3).flush();
            try (ApiServer server =
                    new ApiServer(
                            plan,
                            own.url(),
                            "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                            "patience=200ms")) {
                await(() -> topic.value("orders", null).equals("3"));
                own.close();
                await(() -> pipeline().path("state").asString().equals("degraded"));
                assertThat(topic.value("orders", null)).isEqualTo("3");
                assertThat(pipeline().path("asOf").isString()).isTrue();
                await(
                        () ->
                                stats(server)
                                        .path("waiting")
                                        .asString("")
                                        .contains("not those of now"));
            }
        }
    }

    @Test
    void whoWasTakenOverFromCannotWriteAnyMoreAndWhatItHadBegunIsUndone() throws Exception {
        KafkaProperties properties = new KafkaProperties();
        Clients clients =
                new Clients(
                        properties,
                        () -> List.of(kafka.bootstrapServers()),
                        new StatsSettings(
                                true,
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(5)));
        try (Admin admin = clients.admin()) {
            Topics.ensureStats(admin, plan);
        }
        String key = "{\"metric\":\"orders\",\"window\":\"5m\"}";
        try (Topic first = Topic.takeOver(plan, clients, Duration.ofSeconds(60))) {
            first.write(List.of(new Message(key, "{\"value\":1}")));
            first.begin(List.of(new Message(key, "{\"value\":2}")));
            try (Topic second = Topic.takeOver(plan, clients, Duration.ofSeconds(60))) {
                assertThat(second.published().size()).isEqualTo(1);
                assertThatThrownBy(first::commit)
                        .isInstanceOfAny(
                                ProducerFencedException.class, InvalidProducerEpochException.class);
                await(() -> topic.value("orders", null).equals("1"));

                second.write(List.of(new Message(key, "{\"value\":4}")));
                await(() -> topic.value("orders", null).equals("4"));
                assertThat(topic.sent()).as("the first and the last").hasSize(2);
            }
        }
    }
}
