package dev.millrace.processor.loop;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.processor.loop.ProcessorState.Phase;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A changed manifest is counted beside the former numbers, which are shown until it has caught up.
 */
class ChangedPlanTest {
    private static final String MORE = "- {name: more_hits, measure: count, windows: [5m, all]}";

    @TempDir static Path folder;
    private static EmbeddedKafka kafka;
    private static EmbeddedRedis redisServer;
    private static RedisClient client;
    private static RedisCommands<String, String> redis;
    private static RedisCommands<String, String> beside;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        redisServer = EmbeddedRedis.start(folder.resolve("redis"), 0);
        client = RedisClient.create(redisServer.url());
        redis = client.connect().sync();
        RedisURI behind = RedisURI.create(redisServer.url());
        behind.setDatabase(1);
        beside = client.connect(behind).sync();
    }

    @AfterAll
    static void stop() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        redisServer.close();
        kafka.close();
    }

    /** The former plan, of which nothing is counted yet. */
    private static Plan prepared(String name) throws Exception {
        redisServer.flushAll();
        Plan plan = ProcessorFixture.plan(name, "wall");
        ProcessorFixture.createTopics(kafka.bootstrapServers(), plan);
        return plan;
    }

    /** Counts some events by a processor that then stops. */
    private static void countAndStop(Plan plan, Model model, int events) {
        try (ProcessorFixture running = processor(plan)) {
            send(plan, model, events);
            awaitSeen(plan, model);
            assertThat(running.state().reason()).isNull();
        }
    }

    private static ProcessorFixture processor(Plan plan) {
        return processor(plan, Integer.MAX_VALUE);
    }

    private static ProcessorFixture processor(Plan plan, int most) {
        return new ProcessorFixture(plan, kafka.bootstrapServers(), redisServer.url())
                .haltingAfter(most)
                .start();
    }

    private static void send(Plan plan, Model model, int count) {
        ProcessorFixture.send(
                kafka.bootstrapServers(),
                plan.streams().getFirst().topic().name(),
                2,
                model.events(count, Instant.now()));
    }

    private static void awaitSeen(Plan plan, Model model) {
        await().pollInterval(Duration.ofMillis(50))
                .until(() -> Model.seen(redis, plan.name()) == model.valid() + model.invalid());
    }

    private static void awaitPhase(ProcessorFixture processor, Phase phase) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> processor.state().phase() == phase);
    }

    private static String fingerprint(Plan plan) {
        return redis.hget("millrace:" + plan.name() + ":meta", "fingerprint");
    }

    @Test
    void theFormerNumbersAreShownUntilTheNewOnesHaveCaughtUp() throws Exception {
        Plan former = prepared("evolved");
        Plan next = ProcessorFixture.plan("evolved", "wall", MORE);
        Model model = new Model(21);
        try (ProcessorFixture running = processor(former)) {
            send(former, model, 6_000);
            awaitSeen(former, model);
            try (ProcessorFixture first = processor(next, 2_000)) {
                awaitPhase(first, Phase.CATCHING_UP);
                await().until(() -> Model.seen(beside, "evolved") > 500);
                assertThat(first.state().reason()).contains("beside the numbers that are shown");
            }
            // It was stopped while it counted: what it has is kept, and the other goes on from
            // there.
            assertThat(running.state().phase()).isEqualTo(Phase.COUNTING);
            assertThat(fingerprint(former)).isEqualTo(former.fingerprint());
            assertThat(Model.seen(redis, "evolved")).isEqualTo(model.valid() + model.invalid());
            assertThat(redis.keys("more_hits:*")).isEmpty();
            try (ProcessorFixture first = processor(next);
                    ProcessorFixture second = processor(next)) {
                send(former, model, 500);
                awaitPhase(first, Phase.COUNTING);
                awaitPhase(second, Phase.COUNTING);
                assertThat(fingerprint(next)).isEqualTo(next.fingerprint());
                send(former, model, 500);
                awaitSeen(next, model);
                awaitPhase(running, Phase.SUPERSEDED);
                model.verify(redis, "evolved");
                assertThat(redis.get("more_hits:all")).isEqualTo(redis.get("hits:all"));
                await().until(() -> beside.dbsize() == 0);
            }
        }
    }

    @Test
    void withoutFormerProcessorsTheNumbersStayAsTheyWere() throws Exception {
        Plan former = prepared("resumed");
        Plan next = ProcessorFixture.plan("resumed", "wall", MORE);
        Model model = new Model(22);
        countAndStop(former, model, 1_000);
        send(former, model, 1_000);
        try (ProcessorFixture processor = processor(next)) {
            awaitPhase(processor, Phase.COUNTING);
            awaitSeen(next, model);
            model.verify(redis, "resumed");
            assertThat(processor.state().reason()).isNull();
        }
        try (ProcessorFixture processor = processor(former)) {
            awaitPhase(processor, Phase.COUNTING);
            awaitSeen(former, model);
            model.verify(redis, "resumed");
            assertThat(redis.keys("more_hits:*")).isEmpty();
        }
    }

    @Test
    void keysOfOthersNeverMove() throws Exception {
        Plan former = prepared("neighbour");
        Plan next = ProcessorFixture.plan("neighbour", "wall", MORE);
        Model model = new Model(23);
        countAndStop(former, model, 500);
        redis.set("somebody-else", "here");
        beside.set("a-third", "there");
        try (ProcessorFixture processor = processor(next)) {
            awaitPhase(processor, Phase.COUNTING);
            awaitSeen(next, model);
            model.verify(redis, "neighbour");
            assertThat(processor.state().reason()).isNull();
        }
        assertThat(redis.get("somebody-else")).isEqualTo("here");
        assertThat(beside.keys("*")).containsExactly("a-third");
    }
}
