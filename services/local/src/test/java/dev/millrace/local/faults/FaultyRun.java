package dev.millrace.local.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;

import dev.millrace.api.proof.ProvenBucket;
import dev.millrace.api.proof.Prover;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.Topics;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

import org.apache.kafka.clients.admin.Admin;
import org.bson.Document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Two processors count a feed of events, while servers and they themselves are ended, held and
 * emptied. In the end every number in Redis must be that of the {@link Truth}, and that of the
 * audit's records.
 */
final class FaultyRun implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int PARTITIONS = 4;
    private static final String MANIFEST =
            """
            apiVersion: millrace.dev/v1alpha1
            kind: AnalyticsPipeline
            metadata: {name: faulty}
            spec:
              streams:
                - name: events
                  fields:
                    at: {type: timestamp}
                    user: {type: string}
                    page: {type: string, optional: true}
                    bytes: {type: integer}
                  time: at
                  key: user
                  lateness: 30m
                  topic: {name: faulty-events, partitions: 4}
              metrics:
                - {name: hits, measure: count, windows: [2h, all]}
                - {name: pages, measure: count, by: page, windows: [2h, all], where: 'bytes > 200'}
                - {name: bytes, measure: sum, of: bytes, windows: [2h, all]}
                - {name: users, measure: unique, of: user, windows: [2h, all]}
                - {name: pages_of, measure: unique, of: page, by: user, windows: [2h, all]}
              audit: {flush: 1s}
            """;

    private final Path folder;
    private final Path manifest;
    private final Plan plan;
    private final Random random;
    private final Truth truth;
    private final Servers servers;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final RedisCommands<String, String> redis;
    private final ProcessorProcess[] processors = new ProcessorProcess[2];
    private final Feed feed;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
    private final long began = System.nanoTime();
    private Map<Path, Long> written = Map.of();

    FaultyRun(Path folder, long seed, int rate) throws Exception {
        this.folder = folder;
        this.random = new Random(seed);
        this.truth = new Truth(seed);
        this.manifest = Files.writeString(folder.resolve("faulty.yaml"), MANIFEST);
        this.plan = ManifestReader.read(manifest);
        this.servers = new Servers(folder);
        client = RedisClient.create(servers.redis().url());
        connection = client.connect();
        connection.setTimeout(Duration.ofSeconds(10));
        redis = connection.sync();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            Topics.ensure(admin, plan);
        }
        servers.startAudit(plan);
        for (int i = 0; i < processors.length; i++) {
            processors[i] = processor("processor-" + i);
        }
        feed =
                new Feed(
                        truth,
                        servers.kafka().bootstrapServers(),
                        plan.streams().getFirst().topic().name(),
                        PARTITIONS,
                        rate);
        awaitProgress(1_000);
    }

    Plan plan() {
        return plan;
    }

    private ProcessorProcess processor(String name) {
        return ProcessorProcess.start(
                manifest,
                servers.kafka().bootstrapServers(),
                servers.redis().url(),
                folder.resolve(name + ".log"),
                // Some pack nearly everything, some nothing.
                random.nextBoolean() ? 5 : 1_000);
    }

    /** A fault of a kind; returns when it is over, but perhaps not overcome. */
    void make(Fault fault) throws Exception {
        Map<Path, Long> before = servers.redisWritten();
        done.merge(fault, 1, Integer::sum);
        int one = random.nextInt(processors.length);
        switch (fault) {
            case KILL -> {
                processors[one].kill();
                processors[one] = processor("processor-" + one);
            }
            case ZOMBIE -> {
                processors[one].hold();
                // Longer than its session lasts, or not.
                Thread.sleep(1_000 + random.nextInt(6_000));
                processors[one].letGo();
            }
            case REBALANCE -> {
                try (ProcessorProcess more = processor("processor-more")) {
                    Thread.sleep(random.nextInt(12_000));
                    more.stop();
                }
            }
            case BROKER_RESTART -> {
                servers.kafka().stop();
                Thread.sleep(random.nextInt(2_000));
                servers.kafka().restart();
            }
            case REDIS_HELD -> {
                long pid = servers.redisPid();
                Signals.send("STOP", pid);
                Thread.sleep(500 + random.nextInt(5_000));
                Signals.send("CONT", pid);
            }
            case REDIS_KILL -> {
                servers.redis().kill();
                Thread.sleep(random.nextInt(2_000));
                servers.redis().restart();
            }
            case REDIS_LOSES_THE_LAST -> {
                Thread.sleep(1_000);
                // What it had a second ago, or before the last fault.
                servers.cutRedis(random.nextInt(3) == 0 ? written : before, random);
            }
            case REDIS_FLUSHED -> servers.redis().flushAll();
            case MONGO_AWAY -> {
                servers.mongo().stop();
                Thread.sleep(random.nextInt(3_000));
                servers.mongo().restart();
            }
        }
        written = servers.redisWritten();
    }

    /** A fault by its share of all faults. */
    Fault any() {
        int all = 0;
        for (Fault fault : Fault.values()) {
            all += fault.share();
        }
        int chosen = random.nextInt(all);
        for (Fault fault : Fault.values()) {
            chosen -= fault.share();
            if (chosen < 0) {
                return fault;
            }
        }
        throw new AssertionError("not reached");
    }

    /** Returns after a while: at once, or when counting has gone on. */
    void goOn() throws InterruptedException {
        switch (random.nextInt(4)) {
            case 0 -> Thread.sleep(random.nextInt(3_000));
            default -> awaitProgress(300);
        }
    }

    private void awaitProgress(long events) throws InterruptedException {
        // Counting may have gone back, so wait for what is not in Redis now, in any case.
        long before = seen();
        await("counting goes on", () -> seen() >= before + events);
    }

    /** How many events Redis says were seen; 0 while it does not answer. */
    private long seen() {
        try {
            return redis.hvals("millrace:" + plan.name() + ":totals").stream()
                    .mapToLong(Long::parseLong)
                    .sum();
        } catch (RedisException e) {
            return 0;
        }
    }

    /** The last of what each processor printed. */
    private String logs() {
        StringBuilder logs = new StringBuilder();
        for (ProcessorProcess processor : processors) {
            logs.append(processor.lastLines()).append('\n');
        }
        return logs.toString();
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("in time: %s; %s; %d seen;%n%s", what, summary(), seen(), logs())
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** Ends the feed, lets all that is left be counted and recorded, and compares. */
    void verify() throws Exception {
        feed.close();
        await("all events are counted", () -> seen() >= truth.events());
        // Should anything count twice, it would be now.
        Thread.sleep(1_500);
        assertThat(truth.differences(redis, plan.name())).as(summary()).isEmpty();
        try (MongoClient mongo = MongoClients.create(servers.mongo().uri())) {
            MongoCollection<Document> events =
                    mongo.getDatabase("millrace").getCollection("events");
            await("all events are recorded", () -> events.countDocuments() >= truth.events());
            assertThat(events.countDocuments()).isEqualTo(truth.events());
            prove(mongo.getDatabase("millrace"));
        }
        assertThat(truth.valid()).isPositive();
    }

    /** Each number is also that of the records. */
    private void prove(MongoDatabase records) throws InterruptedException {
        Prover prover =
                new Prover(plan, connection.async(), Duration.ofSeconds(20), records, "events");
        List<ProvenBucket> proven =
                prover.prove(prover.buckets(), new Prover.Limits(PATIENCE, PATIENCE));
        assertThat(proven).hasSizeGreaterThan(10);
        assertThat(proven).allMatch(one -> one.result() == ProvenBucket.Result.equal);
    }

    /** What was done, for people. */
    String summary() {
        return "%d faults %s, %d events, %d of them valid, in %d s"
                .formatted(
                        done.values().stream().mapToInt(Integer::intValue).sum(),
                        done,
                        truth.events(),
                        truth.valid(),
                        Duration.ofNanos(System.nanoTime() - began).toSeconds());
    }

    @Override
    public void close() throws IOException {
        for (ProcessorProcess processor : List.of(processors)) {
            processor.close();
        }
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        servers.close();
    }
}
