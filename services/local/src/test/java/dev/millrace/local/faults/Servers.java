package dev.millrace.local.faults;

import dev.millrace.audit.Main;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.plan.Plan;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** A broker, a Redis, a Mongo-compatible store, and an audit between the first and the last. */
final class Servers implements AutoCloseable {
    private final Path folder;
    private final EmbeddedKafka kafka;
    private final EmbeddedRedis redis;
    private final EmbeddedMongo mongo;
    private ConfigurableApplicationContext audit;

    Servers(Path folder) {
        this.folder = folder;
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        mongo = EmbeddedMongo.start(folder.resolve("mongo"), 0, "millrace");
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    EmbeddedRedis redis() {
        return redis;
    }

    EmbeddedMongo mongo() {
        return mongo;
    }

    void startAudit(Plan plan) {
        audit =
                new SpringApplicationBuilder(Main.class)
                        .initializers(
                                context -> context.getBeanFactory().registerSingleton("plan", plan))
                        .registerShutdownHook(false)
                        .run(
                                "--spring.config.location=optional:classpath:none/",
                                "--spring.main.web-application-type=none",
                                "--spring.main.banner-mode=off",
                                "--spring.autoconfigure.exclude="
                                        + "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
                                "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                                "--spring.mongodb.uri=" + mongo.uri(),
                                "--millrace.audit.retry-longest=2s",
                                // Each fault is told at length by all who notice it.
                                "--logging.level.root=ERROR",
                                "--logging.level.org.apache.kafka.controller=OFF");
    }

    /** The process of Redis, which stands still while it is held by SIGSTOP. */
    long redisPid() throws IOException {
        return Long.parseLong(Files.readString(folder.resolve("redis/redis.pid")).strip());
    }

    /** How much of each of its append-only files Redis has written. */
    Map<Path, Long> redisWritten() {
        Map<Path, Long> written = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve("redis"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".aof")).toList()) {
                written.put(file, Files.size(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written;
    }

    /**
     * Ends Redis by SIGKILL, as if the disk had not been given the last of what it wrote, and
     * starts it again: all it knows is what it had written at a former time, and some more.
     */
    void cutRedis(Map<Path, Long> before, Random random) throws IOException {
        redis.kill();
        for (Map.Entry<Path, Long> then : before.entrySet()) {
            Path file = then.getKey();
            if (Files.exists(file) && file.toString().contains("incr")
                    || file.endsWith("appendonly.aof")) {
                long more = Files.size(file) - then.getValue();
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    // Anywhere: also within a transaction, which counts for nothing then.
                    channel.truncate(then.getValue() + (more > 1 ? random.nextLong(more / 2) : 0));
                }
            }
        }
        redis.restart();
    }

    @Override
    public void close() {
        if (audit != null) {
            audit.close();
        }
        mongo.close();
        redis.close();
        kafka.close();
    }
}
