package dev.millrace.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;

import dev.millrace.api.Main;
import dev.millrace.api.proof.ProofLog;
import dev.millrace.api.proof.ProvenBucket;
import dev.millrace.api.proof.ProvenBucket.Result;
import dev.millrace.api.proof.Prover;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.PackedEntries;
import dev.millrace.pipeline.state.PackedGroups;
import dev.millrace.pipeline.state.PackedTotals;
import dev.millrace.pipeline.state.PackedValues;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.pipeline.topic.Topics;
import dev.millrace.testing.WholeBuckets;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Numbers of every measure are proven, and what is wrong on purpose is found. */
class ProofTest {
    private static final Prover.Limits LIMITS =
            new Prover.Limits(Duration.ofSeconds(60), Duration.ofSeconds(60));
    private static final int EVENTS = 3_000;
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    /** By the event clock, windows of the past close at once. */
    private static final String MANIFEST =
            """
            apiVersion: millrace.dev/v1alpha1
            kind: AnalyticsPipeline
            metadata: {name: proven}
            spec:
              clock: event
              streams:
                - name: events
                  fields:
                    at: {type: timestamp}
                    user: {type: string}
                    page: {type: string, optional: true}
                    bytes: {type: integer}
                    price: {type: number, optional: true}
                  time: at
                  lateness: 5m
                  topic: {name: proven-events, partitions: 2}
              metrics:
                - {name: hits, measure: count, windows: [30m, all]}
                - {name: pages, measure: count, by: page, windows: [30m, all], where: 'bytes > 3'}
                - {name: bytes, measure: sum, of: bytes, windows: [30m, all]}
                - {name: revenue, measure: sum, of: price, by: user, windows: [30m, all]}
                - {name: users, measure: unique, of: user, windows: [30m, all]}
                - {name: pages_of, measure: unique, of: page, by: user, windows: [30m, all]}
                - {name: about_users, measure: unique, approximate: true, of: user, windows: [30m, all]}
                - {name: about_pages_of, measure: unique, approximate: true, of: page, by: user, windows: [30m, all]}
                - {name: mean_price, measure: average, of: price, windows: [30m, all]}
                - {name: mean_price_of, measure: average, of: price, by: user, windows: [30m, all]}
                - {name: least, measure: min, of: price, windows: [30m, all]}
                - {name: greatest_of, measure: max, of: bytes, by: user, windows: [30m, all]}
                - {name: sizes, measure: percentiles, of: bytes, windows: [30m, all]}
                - {name: prices_of, measure: percentiles, of: price, by: user, windows: [30m, all]}
              audit: {flush: 1s}
            """;

    @TempDir Path folder;
    private Plan plan;
    private Servers servers;
    private ProcessorProcess processor;
    private RedisClient client;
    private StatefulRedisConnection<String, String> connection;
    private RedisCommands<String, String> redis;
    private MongoClient mongo;
    private MongoDatabase database;
    private Prover prover;

    @BeforeEach
    void start() throws Exception {
        Path manifest = Files.writeString(folder.resolve("proven.yaml"), MANIFEST);
        plan = ManifestReader.read(manifest);
        servers = new Servers(folder);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            Topics.ensure(admin, plan);
        }
        servers.startAudit(plan);
        processor =
                ProcessorProcess.start(
                        manifest,
                        servers.kafka().bootstrapServers(),
                        servers.redis().url(),
                        folder.resolve("processor.log"),
                        1_000);
        client = RedisClient.create(servers.redis().url());
        connection = client.connect();
        redis = connection.sync();
        mongo = MongoClients.create(servers.mongo().uri());
        database = mongo.getDatabase("millrace");
        prover = new Prover(plan, connection.async(), Duration.ofSeconds(10), database, "events");
        send();
        await(
                () ->
                        redis.hvals("millrace:proven:totals").stream()
                                        .mapToLong(Long::parseLong)
                                        .sum()
                                == EVENTS);
    }

    @AfterEach
    void stop() {
        processor.close();
        mongo.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        servers.close();
    }

    private void send() {
        Random random = new Random(7);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers.kafka().bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (int i = 0; i < EVENTS; i++) {
                // About half an hour, and some of it late.
                Instant at =
                        START.plusMillis(i * 600L).minusSeconds(random.nextInt(20) == 0 ? 600 : 9);
                String page =
                        random.nextInt(4) == 0
                                ? ""
                                : ",\"page\":\"/p%d\"".formatted(random.nextInt(9));
                String price =
                        random.nextInt(3) == 0
                                ? ""
                                : ",\"price\":%d.%02d"
                                        .formatted(random.nextInt(50) - 10, random.nextInt(100));
                producer.send(
                        new ProducerRecord<>(
                                "proven-events",
                                i % 2,
                                null,
                                "{\"at\":\"%s\",\"user\":\"u%d\",\"bytes\":%d%s%s}"
                                        .formatted(
                                                at,
                                                random.nextInt(12),
                                                random.nextInt(2_000) - 500,
                                                page,
                                                price)));
            }
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private List<ProvenBucket> proven(Result result) throws InterruptedException {
        return prover.prove(prover.buckets(), LIMITS).stream()
                .filter(one -> one.result() == result)
                .toList();
    }

    @Test
    void provesEveryMeasureAndFindsEveryCorruption() throws Exception {
        assertThat(proven(Result.different)).isEmpty();
        assertThat(proven(Result.skipped)).isEmpty();
        List<ProvenBucket> equal = proven(Result.equal);
        assertThat(equal.stream().map(one -> one.bucket().metric().name()).distinct())
                .containsExactlyElementsOf(plan.measures().map(metric -> metric.name()).toList());
        assertThat(equal).hasSizeGreaterThan(12 * 20);

        String minute = "202603011012";
        finds("hits:" + minute, "1", () -> redis.incr("hits:" + minute));
        finds("bytes:all", "-", () -> redis.decrby("bytes:all", 77));
        finds("pages:" + minute, "2", () -> redis.zincrby("pages:" + minute, 2, "/p1"));
        finds("revenue:" + minute, "-", () -> redis.hdel("revenue:" + minute, "u1"));
        finds("about_users:" + minute, "1", () -> redis.pfadd("about_users:" + minute, "u999"));
        finds(
                "about_pages_of:all",
                "1",
                () -> redis.pfadd("about_pages_of:u1:all", "no such page"));
        finds("users:" + minute, "1", () -> redis.srem("users:" + minute, "u1"));
        finds("users:all", "2", () -> swapMember("users:all", "u2"));
        finds(
                "pages_of:" + minute,
                "1",
                () -> redis.srem("pages_of:u1:" + minute, member("pages_of:u1:" + minute)));
        finds("mean_price:all", "1", () -> redis.hincrby("mean_price:all", "count", 1));
        finds("least:all", "-", () -> redis.set("least:all", "-99000000"));
        finds("greatest_of:all", "-", () -> redis.hset("greatest_of:all", "u3", "1"));
        finds("sizes:all", "1", () -> redis.hincrby("sizes:all", "5", 1));
        finds("prices_of:all", "-", () -> redis.hset("prices_of:all", "min:u4", "0.5"));
        finds(
                "hits:" + minute,
                "-",
                () -> {
                    redis.del("hits:" + minute);
                    redis.sadd("hits:" + minute, "no number");
                });
    }

    /** What is packed counts as much as what is not, and is wrong as much. */
    @Test
    void provesPackedParts() throws Exception {
        String minute = "202603011012";
        move("pages:" + minute, new PackedTotals());
        move("revenue:" + minute, new PackedTotals());
        move("users:" + minute, new PackedValues());
        move("pages_of:" + minute, new PackedGroups());
        assertThat(proven(Result.different)).isEmpty();

        finds("pages:" + minute, "2", () -> grow("pages:" + minute, 3, '/', 'p', '1', 4));
        finds("revenue:" + minute, "-", () -> grow("revenue:" + minute, 2, 'u', '1', 80));
        finds("users:" + minute, "1", () -> grow("users:" + minute, 3, 'u', '9', '9'));
        finds("users:" + minute, "-", () -> grow("users:" + minute, 99, 'u'));
        finds("pages_of:" + minute, "1", () -> grow("pages_of:" + minute, 2, 'u', '1', 2, 1, 'x'));
    }

    /** Adds bytes to a packed part. */
    private void grow(String bucket, int... bytes) {
        StringBuilder more = new StringBuilder();
        // what is a length otherwise is one byte as it is
        Arrays.stream(bytes).forEach(one -> more.append((char) one));
        redis.append(StateKeys.packed(bucket), more.toString());
    }

    /** Packs all of a bucket that is not packed. */
    private void move(String bucket, PackedEntries entries) {
        WholeBuckets buckets = new WholeBuckets(redis);
        switch (entries) {
            case PackedTotals totals -> buckets.totals(bucket).forEach(totals::add);
            case PackedValues values -> buckets.values(bucket).forEach(values::add);
            case PackedGroups groups ->
                    buckets.groupValues(bucket)
                            .forEach(
                                    (group, values) ->
                                            values.forEach(value -> groups.add(group, value)));
        }
        assertThat(entries.size()).isPositive();
        redis.del(bucket);
        try (StatefulRedisConnection<byte[], byte[]> bytes =
                client.connect(ByteArrayCodec.INSTANCE)) {
            byte[] key = StateKeys.packed(bucket).getBytes(StandardCharsets.UTF_8);
            bytes.sync().set(key, "0000000000000001".getBytes(StandardCharsets.UTF_8));
            bytes.sync().append(key, entries.toArray());
        }
    }

    private String member(String key) {
        return redis.srandmember(key);
    }

    private void swapMember(String key, String member) {
        redis.srem(key, member);
        redis.sadd(key, "somebody else");
    }

    /** Makes Redis wrong, has it found in that bucket alone, and makes Redis right again. */
    private void finds(String key, String largest, Runnable corruption) throws Exception {
        // Of a grouped bucket, a set of a group may be what is made wrong.
        Map<String, byte[]> saved = new HashMap<>();
        for (String one : redis.keys(key.substring(0, key.indexOf(':')) + ":*")) {
            saved.put(one, redis.dump(one));
        }
        corruption.run();
        List<ProvenBucket> different = proven(Result.different);
        assertThat(different).as(key).hasSize(1);
        assertThat(different.getFirst().bucket().key()).isEqualTo(key);
        if (!largest.equals("-")) {
            assertThat(different.getFirst().difference().largest()).as(key).hasToString(largest);
        }
        saved.forEach(
                (one, dump) -> redis.restore(one, dump, RestoreArgs.Builder.ttl(0).replace()));
        assertThat(proven(Result.different)).as(key + " is mended").isEmpty();
    }

    @Test
    void anEventTooManyInTheRecordsIsFound() throws Exception {
        database.getCollection("events")
                .insertOne(
                        new Document("_id", "proven-events:0:-1")
                                .append("doc_type", "success")
                                .append("_time", Date.from(START.plusSeconds(600)))
                                .append("at", START.plusSeconds(600).toString())
                                .append("user", "u1")
                                .append("bytes", 1));
        assertThat(proven(Result.different))
                .extracting(one -> one.bucket().key())
                .contains("hits:all", "hits:202603011010", "bytes:all", "sizes:202603011010")
                .doesNotContain("hits:202603011011");
    }

    @Test
    void theApiProvesByItselfAndTells() throws Exception {
        try (ConfigurableApplicationContext api = api()) {
            ProofLog proofs = api.getBean(ProofLog.class);
            await(() -> proofs.report().totals().get(Result.equal) > 60);
            assertThat(proofs.report().totals()).containsEntry(Result.different, 0L);
            JsonNode proof = get(api, "/api/v1/proof");
            assertThat(proof.path("sinceStart").path("different").asLong()).isZero();
            assertThat(proof.path("recent").path(0).path("equal").asBoolean()).isTrue();
            assertThat(proof.path("recent").path(0).path("bucket").asString())
                    .containsPattern(":20260301(09|10)\\d\\d");
            assertThat(get(api, "/api/v1/status").path("proof").path("equal").asLong())
                    .isGreaterThan(60);

            redis.keys("hits:2026*").forEach(redis::incr);
            await(() -> proofs.report().totals().get(Result.different) > 0);
            JsonNode last = get(api, "/api/v1/proof").path("lastDifferent");
            assertThat(last.path("metric").asString()).isEqualTo("hits");
            assertThat(last.path("largestDifference").asLong()).isEqualTo(1);
            assertThat(last.path("fromRedis").asLong())
                    .isEqualTo(last.path("fromAudit").asLong() + 1);
            JsonNode differing = get(api, "/api/v1/proof").path("differing");
            assertThat(differing.path(0).path("metric").asString()).isEqualTo("hits");
            assertThat(get(api, "/api/v1/status").path("proof").path("differing").asInt())
                    .isPositive();

            redis.keys("hits:2026*").forEach(redis::decr);
            await(() -> proofs.report().differing().isEmpty());

            servers.mongo().stop();
            await(() -> proofs.report().obstacle() != null);
            assertThat(proofs.report().obstacle()).contains("the audit's records cannot be read");
            servers.mongo().restart();
            await(() -> proofs.report().obstacle() == null);
        }
    }

    private ConfigurableApplicationContext api() {
        return new SpringApplicationBuilder(Main.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("plan", plan))
                .registerShutdownHook(false)
                .run(
                        "--spring.config.location=optional:classpath:none/",
                        "--spring.main.banner-mode=off",
                        "--server.port=0",
                        "--spring.autoconfigure.exclude="
                                + "org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration",
                        "--spring.data.redis.url=" + servers.redis().url(),
                        "--spring.mongodb.uri=" + servers.mongo().uri(),
                        "--millrace.api.proof.every=100ms",
                        "--millrace.api.proof.share=1",
                        "--logging.level.root=ERROR");
    }

    private static JsonNode get(ConfigurableApplicationContext api, String path) throws Exception {
        int port = ((WebServerApplicationContext) api).getWebServer().getPort();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            return JsonMapper.shared().readTree(answer.body());
        }
    }
}
